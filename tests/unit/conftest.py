"""What the unit tests share."""

import itertools

import pytest

from tests.unit.world import World

_serial = itertools.count()


@pytest.fixture
def world() -> World:
    """Return a stack on fakes, empty."""
    return World()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a service that no other test has: Powertools keeps one logger for each."""
    name = f"otpost-test-{next(_serial)}"
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", name)
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "OTPost")
    monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "DEBUG")
    return name
