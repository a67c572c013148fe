"""The template as written, and the stack it becomes, once for all tests that only look at it."""

import pytest

from tests.template.stacks import Node, Stack, built, written


@pytest.fixture(scope="session")
def source() -> Node:
    """Return the template as written. Not to be changed: take a copy from `written` for that."""
    return written()


@pytest.fixture(scope="session")
def stack(source: Node) -> Stack:
    """Return the stack of a staging deployment in browser mode."""
    return built(source)


@pytest.fixture(scope="session")
def backend(source: Node) -> Stack:
    """Return the stack of a staging deployment in backend mode."""
    return built(source, CallerMode="backend", AllowedOrigins="")
