from collections.abc import Iterator
from pathlib import Path

import pytest

from otpost_tools.sandbox.background import running
from otpost_tools.sandbox.options import SandboxOptions
from tests.sandbox.speech import Speech

FIXTURE = Path(__file__).with_name("fixture")


def fixture_options(folder: Path, **changes: object) -> SandboxOptions:
    """Options that run the fixture's stack on a free port."""
    chosen: dict[str, object] = {
        "template": FIXTURE / "template.yaml",
        "config": FIXTURE / "samconfig.toml",
        "port": 0,
        "workers_per_function": 2,
        "state_folder": folder,
        "stack_name": "fixture",
    }
    return SandboxOptions(**(chosen | changes))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def options(tmp_path_factory: pytest.TempPathFactory) -> SandboxOptions:
    return fixture_options(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="session")
def engine(options: SandboxOptions) -> Iterator[str]:
    """The address of one sandbox for all tests here, with two workers a function."""
    with running(options) as sandbox:
        yield sandbox.url


@pytest.fixture
def sandbox(engine: str) -> Speech:
    """That sandbox, empty and on real time."""
    speech = Speech(engine)
    speech.post("/_sandbox/reset")
    return speech
