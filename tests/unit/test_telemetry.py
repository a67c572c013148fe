"""What is logged and counted of an answer: allowed facts and words of our own."""

import json
import logging
import re
from typing import Any

import pytest

from otpost import answer, problem, telemetry
from otpost.answer import Answer
from otpost.challenge import Verdict
from otpost.errors import BodyTooLarge, Flaw, InvalidRequest, Unavailable
from otpost.request import Request
from tests.contract.samples import new_challenge
from tests.unit.serving import ROUTE, failing, serve

pytestmark = pytest.mark.usefixtures("service")

SECRET = "ada.l@example.com 012345 eyJhbGciOi.e30.sig"


def written(capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the log lines and the metrics."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line for line in lines if "_aws" not in line], [line for line in lines if "_aws" in line]


def test_one_line_says_what_happened_in_allowed_words(service: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A15."""
    challenge = new_challenge()

    serve(lambda _: problem.refused(Verdict.WRONG_CODE, challenge))

    ((line,), _) = written(capsys)
    assert line.pop("timestamp")
    assert line == {
        "level": "INFO",
        "message": "Challenges",
        "service": service,
        "route": ROUTE,
        "status": 401,
        "reason": "wrong_code",
        "challenge": challenge.key,
        "purpose": "sign_in",
        "delivery": "queued",
        "attempts_left": 5,
    }


def test_an_error_is_logged_by_the_kind_of_its_cause(capsys: pytest.CaptureFixture[str]) -> None:
    """A15, A58."""

    def act(_: Request) -> Answer:
        raise Unavailable(SECRET) from TimeoutError(SECRET)

    response = serve(act)

    out = capsys.readouterr().out
    assert '"cause":"TimeoutError"' in out
    assert SECRET not in out + json.dumps(response)


def test_an_error_without_a_cause_is_logged_by_its_own_kind(capsys: pytest.CaptureFixture[str]) -> None:
    serve(failing(BodyTooLarge(SECRET)))

    ((line,), _) = written(capsys)
    assert line["cause"] == "BodyTooLarge"
    assert "challenge" not in line


def test_nothing_of_the_event_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    """A15: neither body nor headers nor addresses."""
    headers = {"content-type": "application/json", "idempotency-key": "key-of-the-caller", "authorization": "Bearer x"}

    serve(lambda _: answer.healthy(), members={"email": SECRET}, headers=headers, source_ip="192.0.2.77")

    out = capsys.readouterr().out
    assert not [text for text in ("ada.l", "012345", "key-of", "Bearer", "192.0.2.77") if text in out]


def test_what_is_not_on_the_list_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    """A15."""
    logger = telemetry.logger()
    logger.info("Challenges", extra={"email": SECRET, "code": "012345", "reason": "issued"})
    logger.append_keys(token=SECRET)
    logger.warning("Mails", extra={"event": {"body": SECRET}})
    try:
        int(SECRET)
    except ValueError:
        logger.exception("Mails")

    out = capsys.readouterr().out
    assert len(out.splitlines()) == 3
    assert '"reason":"issued"' in out
    assert "ada.l" not in out
    assert "012345" not in out


def test_libraries_stay_at_warning() -> None:
    """A15: their DEBUG prints requests."""
    telemetry.logger()

    for name in ("boto3", "botocore", "urllib3", "pynamodb", "botocore.endpoint", "urllib3.connectionpool"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)


def test_one_metric_counts_the_outcome_under_fixed_dimensions(service: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A60."""
    serve(lambda _: problem.refused(Verdict.EXPIRED))

    (_, (metric,)) = written(capsys)
    (directive,) = metric["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "OTPost"
    assert [set(dimensions) for dimensions in directive["Dimensions"]] == [{"service", "reason"}]
    assert directive["Metrics"] == [{"Name": "Challenges", "Unit": "Count"}]
    assert (metric["service"], metric["reason"], metric["Challenges"]) == (service, "expired", [1.0])
    assert set(metric) == {"_aws", "service", "reason", "Challenges"}


def test_callers_cannot_make_metrics(capsys: pytest.CaptureFixture[str]) -> None:
    """A60: dimensions hold words of our own only."""
    for number in range(20):
        serve(failing(InvalidRequest(Flaw(where=f"#/x{number}", detail="x"))))

    (_, metrics) = written(capsys)
    assert {metric["reason"] for metric in metrics} == {"invalid_request"}


def test_nothing_is_said_of_no_challenge() -> None:
    assert telemetry.facts_of(None) == {}


def test_reasons_are_words() -> None:
    """A60."""
    assert all(re.fullmatch(r"[a-z_]+", verdict.value) for verdict in Verdict)
