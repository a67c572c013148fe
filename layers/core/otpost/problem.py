"""Refusals and errors over HTTP: one table from what happened to a status and problem details (RFC 9457)."""

import math
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus

from otpost.answer import Answer
from otpost.challenge import Challenge, Verdict
from otpost.errors import BodyTooLarge, Error, Flaw, InvalidRequest, Unavailable, UnsupportedMediaType
from otpost.window import Limit, RateLimited

UNAVAILABLE_RETRY_AFTER = timedelta(seconds=5)


_LIMITS = {
    Limit.ADDRESS_INTERVAL: "A mail went to this address moments ago.",
    Limit.ADDRESS_HOUR: "As many mails as are allowed in an hour went to this address.",
    Limit.ADDRESS_DAY: "As many mails as are allowed in a day went to this address.",
    Limit.SOURCE_HOUR: "As many mails as are allowed in an hour were asked for from this network.",
    Limit.STACK_DAY: "This service has sent as many mails as it may in a day.",
    Limit.FAILURE_STREAK: "Too many wrong codes were entered for this address; an operator must unlock it.",
}

_VERDICTS = {
    Verdict.WRONG_CODE: (HTTPStatus.UNAUTHORIZED, "wrong_code", "The code is wrong."),
    Verdict.UNKNOWN: (
        HTTPStatus.NOT_FOUND,
        "unknown_challenge",
        "There is no challenge with this id, purpose and transaction.",
    ),
    Verdict.CONSUMED: (HTTPStatus.GONE, "challenge_consumed", "The code was used. Ask for a new challenge."),
    Verdict.CANCELLED: (HTTPStatus.GONE, "challenge_cancelled", "The challenge was cancelled. Ask for a new one."),
    Verdict.EXHAUSTED: (HTTPStatus.GONE, "challenge_exhausted", "No guess is left. Ask for a new challenge."),
    Verdict.EXPIRED: (HTTPStatus.GONE, "challenge_expired", "The code has expired. Ask for a new challenge."),
}


def refused(verdict: Verdict, challenge: Challenge | None = None) -> Answer:
    """Answer that a guess or a step was refused; a wrong guess says how many are left."""
    code, name, detail = _VERDICTS[verdict]
    if verdict is not Verdict.WRONG_CODE or challenge is None:
        return problem(code, name, detail, reason=verdict.value, challenge=challenge)
    return problem(
        code,
        name,
        detail,
        reason=verdict.value,
        challenge=challenge,
        members={"attempts_left": challenge.attempts_left},
        headers={"www-authenticate": "OTPost"},
    )


def rate_limited(refusal: RateLimited) -> Answer:
    """Answer that a window is full: which, and when to try again."""
    seconds = max(1, math.ceil(refusal.retry_after.total_seconds()))
    return problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "rate_limited",
        f"{_LIMITS[refusal.limit]} Try again in {seconds} s.",
        reason=refusal.limit.value,
        members={"limit": refusal.limit.value},
        headers={"retry-after": str(seconds)},
    )


def failed(error: Error) -> Answer:
    """Answer an error by its kind. No message of an error that we do not know ever gets out."""
    match error:
        case InvalidRequest():
            members = {"errors": [_flaw(flaw) for flaw in error.flaws]}
            detail = "The request is not valid; nothing was spent. See errors."
            return problem(HTTPStatus.BAD_REQUEST, "invalid_request", detail, members=members)
        case BodyTooLarge():
            return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large", "The body may have 8,192 octets.")
        case UnsupportedMediaType():
            detail = "The body must be application/json in UTF-8, not compressed."
            return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail)
        case Unavailable():
            return problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "unavailable",
                "A part of the service did not answer. Send the same request again, with the same Idempotency-Key.",
                headers={"retry-after": str(int(UNAVAILABLE_RETRY_AFTER.total_seconds()))},
            )
        case _:
            raise error


def problem(
    status: HTTPStatus,
    code: str,
    detail: str,
    *,
    reason: str | None = None,
    challenge: Challenge | None = None,
    members: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Return a problem: `code` is stable and for programs, `title` and `detail` are for people."""
    base = {"type": "about:blank", "title": status.phrase, "status": status.value, "code": code, "detail": detail}
    return Answer(
        status=status,
        reason=reason or code,
        challenge=challenge,
        body=base | dict(members or {}),
        headers=headers or {},
    )


def _flaw(flaw: Flaw) -> dict[str, str]:
    return {"pointer" if flaw.where.startswith("#") else "header": flaw.where, "detail": flaw.detail}
