"""The stage is set anew for each test: only while it stands are clock and entropy simulated."""

from collections.abc import Iterator

import pytest

from tests.simulation.stage import Stage, stage


@pytest.fixture
def here() -> Iterator[Stage]:
    """Return a stage."""
    with stage() as set_up:
        yield set_up
