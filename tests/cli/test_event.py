"""`otpost event` against a stack in memory: the events are about challenges that it issued, and mean what they say."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from otpost_tools.commands.event_cases import another_code
from tests.cli.conftest import Otpost
from tests.cli.fake_stack import Challenge, FakeStack, Refusal

ROUTES = {
    "issue": "POST /v1/challenges",
    "verify-accepted": "POST /v1/challenges/verify",
    "verify-wrong": "POST /v1/challenges/verify",
    "resend": "POST /v1/challenges/resend",
    "status": "POST /v1/challenges/status",
    "cancel": "POST /v1/challenges/cancel",
}


def written(otpost: Otpost, *arguments: str) -> dict[str, Any]:
    result = otpost("event", *arguments)
    assert result.exit_code == 0, result.stderr
    event: dict[str, Any] = json.loads(result.stdout)
    return event


def body(event: dict[str, Any]) -> dict[str, Any]:
    assert event["isBase64Encoded"] is False
    members: dict[str, Any] = json.loads(event["body"])
    return members


def only(stack: FakeStack) -> Challenge:
    (challenge,) = stack.challenges.values()
    return challenge


@pytest.mark.parametrize(("case", "route"), ROUTES.items())
def test_an_event_is_an_http_api_event_of_its_route(otpost: Otpost, case: str, route: str) -> None:
    event = written(otpost, case)

    assert event["version"] == "2.0"
    assert event["routeKey"] == event["requestContext"]["routeKey"] == route
    assert event["rawPath"] == event["requestContext"]["http"]["path"] == route.partition(" ")[2]
    assert event["headers"]["content-type"] == "application/json"
    assert int(event["headers"]["content-length"]) == len(event["body"])


def test_issue_issues_nothing_itself(otpost: Otpost, stack: FakeStack) -> None:
    event = written(otpost, "issue", "--email", "ada@example.com")

    assert not stack.challenges
    assert stack.issue(body(event), None)["attempts_left"] == 5


def test_verify_accepted_carries_the_mailed_code(otpost: Otpost, stack: FakeStack) -> None:
    event = written(otpost, "verify-accepted")

    assert stack.verify(body(event), None)["verdict"] == "accepted"


def test_verify_wrong_carries_another_code_of_the_same_length(otpost: Otpost, stack: FakeStack) -> None:
    event = written(otpost, "verify-wrong")

    with pytest.raises(Refusal) as refusal:
        stack.verify(body(event), None)
    assert refusal.value.members["code"] == "wrong_code"


@pytest.mark.parametrize(("code", "other"), [("000000", "000001"), ("999999", "000000"), ("0999999999", "1000000000")])
def test_another_code_is_as_long(code: str, other: str) -> None:
    assert another_code(code) == other


@pytest.mark.parametrize("case", ["resend", "status", "cancel"])
def test_the_other_acts_name_the_challenge_and_nothing_else(otpost: Otpost, stack: FakeStack, case: str) -> None:
    event = written(otpost, case)

    assert body(event) == {"challenge_id": only(stack).challenge_id}
    assert only(stack).consumed_by is None
    assert not only(stack).cancelled


def test_deliver_is_a_batch_of_the_mail_queue(otpost: Otpost, stack: FakeStack) -> None:
    (record,) = written(otpost, "deliver")["Records"]

    assert record["body"] == only(stack).challenge_id
    assert record["eventSource"] == "aws:sqs"
    assert record.keys() == stored_record().keys()


def stored_record() -> dict[str, Any]:
    file = Path(__file__).parents[2] / "events" / "deliver-one.json"
    record: dict[str, Any] = json.loads(file.read_text())["Records"][0]
    return record


def test_every_event_is_about_an_address_of_its_own(otpost: Otpost, stack: FakeStack) -> None:
    """So the address window refuses none."""
    for _ in range(3):
        written(otpost, "status")

    assert len({challenge.email for challenge in stack.challenges.values()}) == 3


def test_the_code_is_that_of_the_newest_challenge(otpost: Otpost, stack: FakeStack) -> None:
    written(otpost, "verify-accepted", "--email", "ada@example.com")
    stack.offset += timedelta(seconds=31)

    event = written(otpost, "verify-accepted", "--email", "ada@example.com")

    assert stack.verify(body(event), None)["verdict"] == "accepted"


def test_what_the_sandbox_refuses_to_issue_is_told(otpost: Otpost) -> None:
    written(otpost, "status", "--email", "ada@example.com")

    refused = otpost("event", "status", "--email", "ada@example.com")

    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert "rate_limited" in refused.stderr


def test_out_names_a_file(otpost: Otpost, stack: FakeStack, tmp_path: Path) -> None:
    file = tmp_path / "verify.json"

    result = otpost("event", "verify-accepted", "--out", str(file))

    assert result.stdout == ""
    assert stack.verify(body(json.loads(file.read_text())), None)["verdict"] == "accepted"


def test_a_case_that_is_none_is_wrong_usage(otpost: Otpost, stack: FakeStack) -> None:
    assert otpost("event", "verify").exit_code == 2
    assert not stack.challenges
