"""What the core decided, as answers."""

from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus

import pytest

from otpost import answer, outcome
from otpost.challenge import Challenge, Delivery, Verdict
from otpost.challenge_id import ChallengeId, ChallengeKey, hour_of
from otpost.instant import rfc3339
from otpost.issuing import Issued
from otpost.verifying import Accepted, Refused
from otpost.window import Limit, RateLimited
from tests.contract.samples import LIFE, NOW, attempt, new_challenge
from tests.unit.world import REGION

ID = ChallengeId(region=REGION, hour=hour_of(NOW), code_length=6, entropy=bytes(16))


def standing(**changes: object) -> Challenge:
    return replace(new_challenge(), key=ChallengeKey(ID.key), **changes)  # type: ignore[arg-type]  # fields of a challenge


def test_an_issued_challenge_is_answered_with_its_terms() -> None:
    challenge = standing()

    said = outcome.issued(Issued(challenge_id=ID, challenge=challenge))

    assert said.status is HTTPStatus.ACCEPTED
    assert said.body == {
        "challenge_id": ID.token,
        "reference": challenge.reference,
        "purpose": "sign_in",
        "code_length": 6,
        "expires_at": "2026-01-31T09:35:00.123Z",
        "attempts_left": 5,
        "resend_at": "2026-01-31T09:30:30.123Z",
    }
    assert (said.reason, said.headers, said.challenge) == ("issued", {}, challenge)


def test_a_repeat_looks_like_the_first_answer_and_is_counted_apart() -> None:
    """A8: only the metric tells them apart."""
    first = outcome.issued(Issued(challenge_id=ID, challenge=standing()))
    again = outcome.issued(Issued(challenge_id=ID, challenge=standing(), repeated=True))

    assert (again.status, again.body, again.headers) == (first.status, first.body, first.headers)
    assert (first.reason, again.reason) == ("issued", "repeated")


def test_an_issue_says_nothing_of_the_address() -> None:
    """A8."""
    assert "email" not in outcome.issued(Issued(challenge_id=ID, challenge=standing())).body


def test_a_refused_issue_is_a_problem() -> None:
    limited = outcome.issued(RateLimited(limit=Limit.STACK_DAY, retry_after=timedelta(seconds=1)))
    refused = outcome.issued(Verdict.EXHAUSTED)

    assert (limited.status, limited.reason) == (HTTPStatus.TOO_MANY_REQUESTS, "stack_day")
    assert (refused.status, refused.reason) == (HTTPStatus.GONE, "exhausted")


@pytest.mark.parametrize(("repeated", "reason"), [(False, "accepted"), (True, "repeated")])
def test_an_acceptance_is_answered_with_its_receipt(repeated: bool, reason: str) -> None:  # noqa: FBT001
    challenge = standing()

    said = outcome.verified(Accepted(challenge=challenge, receipt="a.b.c", repeated=repeated, streak_ended=True))

    assert said.status is HTTPStatus.OK
    assert said.body == {
        "verdict": "accepted",
        "purpose": "sign_in",
        "email": "Ada@example.com",
        "receipt": "a.b.c",
    }
    assert (said.reason, said.challenge) == (reason, challenge)


def test_a_refusal_is_answered_as_a_problem() -> None:
    said = outcome.verified(Refused(verdict=Verdict.WRONG_CODE, challenge=standing()))

    assert (said.status, said.reason) == (HTTPStatus.UNAUTHORIZED, "wrong_code")


@pytest.mark.parametrize(
    ("changes", "after", "verdict"),
    [
        ({}, timedelta(), "open"),
        ({}, LIFE, "expired"),
        ({"consumed_by": attempt("a"), "consumed_at": NOW}, timedelta(), "accepted"),
        ({"consumed_by": attempt("a"), "consumed_at": NOW}, LIFE, "accepted"),
        ({"cancelled_at": NOW}, timedelta(), "cancelled"),
        ({"tries": frozenset(map(attempt, "abcde"))}, timedelta(), "exhausted"),
    ],
)
def test_a_status_says_how_a_challenge_stands(changes: dict[str, object], after: timedelta, verdict: str) -> None:
    challenge = standing(**changes)

    said = outcome.status(challenge, NOW + after)

    assert said.status is HTTPStatus.OK
    assert said.reason == verdict
    assert said.body == {
        "verdict": verdict,
        "delivery": "queued",
        "reference": challenge.reference,
        "purpose": "sign_in",
        "expires_at": rfc3339(challenge.expires_at),
        "attempts_left": challenge.attempts_left,
        "resend_at": rfc3339(challenge.resend_at),
    }


@pytest.mark.parametrize("delivery", Delivery)
def test_a_status_says_how_far_the_mail_has_come(delivery: Delivery) -> None:
    assert outcome.status(standing(delivery=delivery, mails_sent=1), NOW).body["delivery"] == delivery.value


def test_a_mail_that_is_still_owed_is_queued_whatever_became_of_the_one_before() -> None:
    owing = standing(delivery=Delivery.FAILED, mails_asked=2, mails_sent=1)

    assert outcome.status(owing, NOW).body["delivery"] == "queued"


def test_the_status_of_an_unknown_challenge_is_unknown() -> None:
    assert outcome.status(None, NOW).status is HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("verdict", "status", "reason"),
    [
        (Verdict.CANCELLED, HTTPStatus.OK, "cancelled"),
        (Verdict.CONSUMED, HTTPStatus.GONE, "consumed"),
        (Verdict.UNKNOWN, HTTPStatus.NOT_FOUND, "unknown"),
    ],
)
def test_a_cancellation_is_answered(verdict: Verdict, status: HTTPStatus, reason: str) -> None:
    said = outcome.cancelled(verdict)

    assert (said.status, said.reason) == (status, reason)
    assert said.status is not HTTPStatus.OK or said.body == {"verdict": "cancelled"}


def test_what_anyone_may_read_may_be_kept_for_five_minutes() -> None:
    """A59."""
    assert answer.public({"keys": []}).headers == {"cache-control": "public, max-age=300"}
    assert answer.healthy().headers == {}
    assert answer.healthy().body == {"status": "ok"}
