"""What API Gateway makes of a function's answer, and what it says by itself."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from otpost_tools.sandbox.invocation import Answered, Failure, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An HTTP answer. Header names are in lower case; a repeated header is repeated."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def own(status: int, message: str) -> Reply:
    """API Gateway's own answer."""
    body = json.dumps({"message": message}, separators=(",", ":")).encode()
    return Reply(status=status, headers=(("content-type", "application/json"),), body=body)


NOT_FOUND = own(404, "Not Found")
FORBIDDEN = own(403, "Forbidden")
TOO_LARGE = own(413, "Request Entity Too Large")
INTERNAL = own(500, "Internal Server Error")
UNAVAILABLE = own(503, "Service Unavailable")
_STATUSES = range(100, 600)


def from_outcome(outcome: Outcome) -> Reply:
    """The answer for a run's outcome."""
    if isinstance(outcome, Answered):
        return _from_payload(outcome.payload)
    return UNAVAILABLE if outcome.failure in {Failure.WAITED, Failure.CLOSED} else INTERNAL


def _from_payload(payload: bytes) -> Reply:
    try:
        answer = json.loads(payload)
    except ValueError:
        return INTERNAL
    if not isinstance(answer, dict) or "statusCode" not in answer:
        # Format 2.0 infers: whatever else is returned is a JSON body.
        return Reply(status=200, headers=(("content-type", "application/json"),), body=payload)
    try:
        return _from_answer(answer)
    except (ValueError, TypeError, binascii.Error):
        return INTERNAL


def _from_answer(answer: Mapping[str, Any]) -> Reply:
    status = int(answer["statusCode"])
    if status not in _STATUSES:
        raise ValueError(status)
    given, body = answer.get("headers"), answer.get("body")
    if not isinstance(given, dict | None) or not isinstance(body, str | None):
        raise TypeError(answer)
    headers = [(str(name).lower(), _text(value)) for name, value in (given or {}).items()]
    if not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", "text/plain;charset=UTF-8"))
    headers += [("set-cookie", str(cookie)) for cookie in answer.get("cookies") or []]
    text = body or ""
    content = base64.b64decode(text, validate=True) if answer.get("isBase64Encoded") else text.encode("utf-8")
    return Reply(status=status, headers=tuple(headers), body=content)


def _text(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str() | int() | float():
            return str(value)
        case _:
            raise TypeError(value)
