"""A request waits so long for its answer, and no longer."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from otpost_tools.sandbox.background import running
from tests.sandbox.conftest import fixture_options
from tests.sandbox.speech import Speech


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speech]:
    """A sandbox with one worker a function, in which requests wait half a second."""
    options = fixture_options(tmp_path_factory.mktemp("hasty"), workers_per_function=1, patience=0.5)
    with running(options) as sandbox:
        yield Speech(sandbox.url)


def test_request_that_waits_too_long_is_unavailable_and_never_runs(hasty: Speech) -> None:
    with ThreadPoolExecutor(3) as pool:
        began = time.monotonic()
        answers = list(pool.map(lambda _: hasty.probe(do="sleep", seconds=1.2), range(3)))
        took = time.monotonic() - began
    assert {(answer.status, answer.json()["message"]) for answer in answers} == {(503, "Service Unavailable")}
    assert took < 1.1
    time.sleep(1)
    assert sum(line.startswith("START") for line in hasty.lines("ProbeFunction")) == 1  # begun, it runs to its end
    assert hasty.probe(do="inside").status == 200
