"""One clock for everything, and only wall clocks follow it."""

import time
from datetime import UTC, datetime

import pytest

from tests.sandbox.speech import Speech


def test_every_part_sees_the_advanced_time(sandbox: Speech) -> None:
    before = sandbox.probe(do="inside").json()
    answer = sandbox.post("/_sandbox/clock", {"advance_seconds": 3600.5})
    after = sandbox.probe(do="inside").json()
    event = sandbox.get("/probe").json()["requestContext"]
    assert answer.json()["offset_seconds"] == 3600.5
    assert 3600.5 <= after["time"] - before["time"] < 3610
    assert abs(after["now"] - after["time"]) < 1
    assert abs(event["timeEpoch"] / 1000 - after["time"]) < 5
    assert 4000 < after["remaining"] <= 5000
    state = datetime.fromisoformat(sandbox.get("/_sandbox/state").json()["now"])
    assert abs(state.timestamp() - after["time"]) < 5


def test_monotonic_clock_and_the_environment_stay_real(sandbox: Speech) -> None:
    before = sandbox.probe(do="inside").json()
    sandbox.post("/_sandbox/clock", {"advance_seconds": 86_400})
    after = sandbox.probe(do="inside").json()
    assert 0 <= after["monotonic"] - before["monotonic"] < 30
    assert after["environment"]["TZ"] == ":UTC"


def test_reset_goes_back_to_real_time(sandbox: Speech) -> None:
    sandbox.post("/_sandbox/clock", {"advance_seconds": 86_400})
    sandbox.probe(do="inside")
    sandbox.post("/_sandbox/reset")
    assert abs(sandbox.probe(do="inside").json()["time"] - time.time()) < 5


def test_answer_is_dated_by_the_sandbox_clock(sandbox: Speech) -> None:
    sandbox.post("/_sandbox/clock", {"advance_seconds": 86_400})
    dated = sandbox.get("/probe").header("date")
    tomorrow = datetime.fromtimestamp(time.time() + 86_400, UTC)
    assert dated is not None
    assert tomorrow.strftime("%d %b %Y") in dated


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"not json",
        b'{"advance_seconds": -1}',
        b'{"advance_seconds": "5"}',
        b'{"advance_seconds": true}',
        b'{"advance_seconds": NaN}',
        b'{"advance_seconds": Infinity}',
        b'{"advance_seconds": 1e12}',
    ],
)
def test_bad_advance_is_refused_with_what_to_send(sandbox: Speech, body: bytes) -> None:
    answer = sandbox.post("/_sandbox/clock", body, {"content-type": "application/json"})
    assert (answer.status, answer.header("content-type")) == (400, "application/problem+json")
    assert "advance_seconds" in answer.json()["detail"]
    assert sandbox.get("/_sandbox/state").json()["offset_seconds"] == 0
