"""The template, and the handlers under it."""

from collections.abc import Iterator

import pytest

from tests.docs.served import Handlers
from tests.template.stacks import Node, Stack, built, written


@pytest.fixture(scope="session")
def source() -> Node:
    """Return the template as written."""
    return written()


@pytest.fixture(scope="session")
def stack(source: Node) -> Stack:
    """Return the stack of a staging deployment in browser mode."""
    return built(source)


@pytest.fixture(scope="module")
def browser(stack: Stack) -> Iterator[Handlers]:
    """Yield the handlers of a stack that browsers call."""
    with pytest.MonkeyPatch.context() as environment:
        yield Handlers(stack, environment)


@pytest.fixture(scope="module")
def backend(source: Node) -> Iterator[Handlers]:
    """Yield the handlers of a stack that signed backends call."""
    with pytest.MonkeyPatch.context() as environment:
        yield Handlers(built(source, CallerMode="backend", AllowedOrigins=""), environment)
