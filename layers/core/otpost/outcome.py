"""What the core decided, as answers."""

from datetime import datetime
from http import HTTPStatus
from typing import assert_never

from otpost import problem
from otpost.answer import Answer
from otpost.challenge import Challenge, Delivery, Verdict
from otpost.instant import rfc3339
from otpost.issuing import Issued
from otpost.verifying import Accepted, Refused
from otpost.window import RateLimited


def issued(outcome: Issued | RateLimited | Verdict) -> Answer:
    """Answer an issue or a resend."""
    match outcome:
        case RateLimited():
            return problem.rate_limited(outcome)
        case Verdict():
            return problem.refused(outcome)
        case Issued():
            return Answer(
                status=HTTPStatus.ACCEPTED,
                reason="repeated" if outcome.repeated else "issued",
                challenge=outcome.challenge,
                body={"challenge_id": outcome.challenge_id.token} | _terms(outcome.challenge),
            )
        case _:
            assert_never(outcome)


def verified(outcome: Accepted | Refused) -> Answer:
    """Answer a verification."""
    if isinstance(outcome, Refused):
        return problem.refused(outcome.verdict, outcome.challenge)
    challenge = outcome.challenge
    body = {
        "verdict": Verdict.ACCEPTED.value,
        "purpose": challenge.purpose,
        "email": challenge.email,
        "receipt": outcome.receipt,
    }
    reason = "repeated" if outcome.repeated else Verdict.ACCEPTED.value
    return Answer(status=HTTPStatus.OK, reason=reason, challenge=challenge, body=body)


def status(challenge: Challenge | None, now: datetime) -> Answer:
    """Answer how a challenge stands at *now*."""
    if challenge is None:
        return problem.refused(Verdict.UNKNOWN)
    over = challenge.over(now)
    verdict = "open" if over is None else "accepted" if over is Verdict.CONSUMED else over.value
    terms = _terms(challenge)
    del terms["code_length"]
    body = {"verdict": verdict, "delivery": _delivery_of_newest(challenge).value} | terms
    return Answer(status=HTTPStatus.OK, reason=verdict, challenge=challenge, body=body)


def cancelled(verdict: Verdict) -> Answer:
    """Answer a cancellation."""
    if verdict is not Verdict.CANCELLED:
        return problem.refused(verdict)
    return Answer(status=HTTPStatus.OK, reason=verdict.value, body={"verdict": verdict.value})


def _delivery_of_newest(challenge: Challenge) -> Delivery:
    """A mail that is still owed is queued, whatever became of the one before it."""
    return Delivery.QUEUED if challenge.mail_owed else challenge.delivery


def _terms(challenge: Challenge) -> dict[str, object]:
    return {
        "reference": challenge.reference,
        "purpose": challenge.purpose,
        "code_length": challenge.code_length,
        "expires_at": rfc3339(challenge.expires_at),
        "attempts_left": challenge.attempts_left,
        "resend_at": rfc3339(challenge.resend_at),
    }
