"""How answers are worded in a terminal."""

import pytest

from otpost_tools.client import Answer
from otpost_tools.commands.output import clock_time, flaw_rows, refusal_line, span


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (0.4, "0 s"), (59.6, "1 min"), (331, "5 min 31 s"), (3600, "1 h"), (90061, "1 d 1 h 1 min 1 s")],
)
def test_a_span_is_told_in_words(seconds: float, words: str) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize("value", [1795521600, "2026-11-24T12:00:00Z", "2026-11-24T13:00:00.000+01:00"])
def test_a_time_is_told_in_utc(value: object) -> None:
    assert clock_time(value) == "12:00:00 UTC"


def test_a_refusal_of_api_gateway_itself_is_told() -> None:
    answer = Answer(status=403, headers={}, members={"message": "Forbidden [signed]"})

    assert "403 refused" in refusal_line(answer)
    assert r"Forbidden \[signed]" in refusal_line(answer)


@pytest.mark.parametrize("errors", [None, "none", [1, "x"], []])
def test_flaws_that_are_none_are_not_told(errors: object) -> None:
    assert flaw_rows(Answer(status=400, headers={}, members={"errors": errors})) == []


def test_a_flaw_of_a_header_is_told() -> None:
    errors = [{"header": "idempotency-key", "detail": "Send 16 to 128 visible characters."}]

    rows = flaw_rows(Answer(status=400, headers={}, members={"errors": errors}))

    assert rows == [("idempotency-key", "Send 16 to 128 visible characters.")]
