from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.leaks import Told
from tests.e2e.stories import Story
from tests.sandboxes import Sandbox, running_sandbox


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One sandbox for all stories, everything logged, so that the leak scan at the end sees all of them."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox"), {"LogLevel": "DEBUG"}) as running:
        yield running


@pytest.fixture(scope="session")
def told() -> Told:
    """Every secret and address of the session, for the leak scan."""
    return Told()


@pytest.fixture
def story(sandbox: Sandbox, told: Told) -> Story:
    return Story(sandbox=sandbox, told=told)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    return tmp_path
