from collections.abc import Callable, Iterator

import pytest
from typer.testing import CliRunner, Result

from otpost_tools.cli import app
from tests.cli.fake_server import served
from tests.cli.fake_stack import FakeStack

type Otpost = Callable[..., Result]


@pytest.fixture
def stack() -> FakeStack:
    return FakeStack()


@pytest.fixture
def url(stack: FakeStack) -> Iterator[str]:
    with served(stack) as base_url:
        yield base_url


@pytest.fixture
def otpost(url: str) -> Otpost:
    """Runs the command against the fake stack, in a wide terminal so that nothing is folded."""

    def run(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, arguments, input=stdin, env={"OTPOST_URL": url, "COLUMNS": "200"})

    return run
