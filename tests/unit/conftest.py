"""What the unit tests share."""

import pytest

from tests.unit.world import World


@pytest.fixture
def world() -> World:
    """Return a stack on fakes, empty."""
    return World()
