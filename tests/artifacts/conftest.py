"""One build for all tests of this folder. It takes some seconds, and the package index."""

import os

import pytest

from tests.artifacts.artifact import SAM, Build, build


@pytest.fixture(scope="session")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Return what `sam build` makes of the repository as it stands."""
    if not SAM.exists():
        reason = "sam has an environment of its own, .venv-sam, and it is not there: `make setup` makes it."
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return build(tmp_path_factory.mktemp("artifact"))
