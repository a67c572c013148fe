"""The ways in which AWS fails to answer, as botocore meets them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from tests.backends.wire import Call, Fault, Forward, answer

_URL = "https://aws.invalid/"


def read_timeout(call: Call, forward: Forward) -> AWSResponse:
    """The request never arrived and no answer came."""
    raise ReadTimeoutError(endpoint_url=_URL)


def connect_timeout(call: Call, forward: Forward) -> AWSResponse:
    """There was nobody to ask."""
    raise ConnectTimeoutError(endpoint_url=_URL)


def connection_refused(call: Call, forward: Forward) -> AWSResponse:
    """Nobody listens."""
    raise EndpointConnectionError(endpoint_url=_URL)


def lost_response(call: Call, forward: Forward) -> AWSResponse:
    """The request was carried out and its answer was lost."""
    forward()
    raise ReadTimeoutError(endpoint_url=_URL)


def refused(code: str, *, status: int = 400, headers: Mapping[str, str] | None = None, **members: Any) -> Fault:
    """Return a fault that answers an error of this code, in the form of every JSON protocol at once."""

    def fault(call: Call, forward: Forward) -> AWSResponse:
        body = json.dumps({"__type": f"com.amazonaws#{code}", "message": "made up", **members}).encode()
        return answer(_URL, status, body, {"x-amzn-ErrorType": code, **(headers or {})})

    return fault


def replied(body: bytes, *, status: int = 200) -> Fault:
    """Return a fault that answers exactly *body*."""

    def fault(call: Call, forward: Forward) -> AWSResponse:
        return answer(_URL, status, body)

    return fault


def cancelled(reasons: Sequence[str | dict[str, Any]]) -> Fault:
    """Return a fault that cancels a transaction for these reasons, one a part; a text is a bare code."""
    full = [reason if isinstance(reason, dict) else {"Code": reason} for reason in reasons]
    return refused("TransactionCanceledException", CancellationReasons=full)


def times(count: int, fault: Fault) -> Fault:
    """Return a fault that strikes *count* times and then lets everything through."""
    left = count

    def struck(call: Call, forward: Forward) -> AWSResponse:
        nonlocal left
        left -= 1
        return fault(call, forward) if left >= 0 else forward()

    return struck


throttled = refused("ThrottlingException")
broken = refused("InternalServerError", status=500)
forbidden = refused("AccessDeniedException")
not_found = refused("ResourceNotFoundException")
cut_off = replied(b'{"Attributes": {"pk"')
web_page = replied(b"<html>504 Gateway Time-out</html>")
empty = replied(b"")
no_object = replied(b"[]")

REFUSALS = (throttled, forbidden, not_found)
"""What a service answers that has certainly not done what it was asked."""

UNANSWERED: dict[str, Fault] = {
    "read timeout": read_timeout,
    "connect timeout": connect_timeout,
    "connection refused": connection_refused,
    "throttled": throttled,
    "500": broken,
    "503 that is no JSON": replied(b"<html>Service Unavailable</html>", status=503),
    "access denied": forbidden,
    "resource not found": not_found,
    "body cut off": cut_off,
    "body is a web page": web_page,
    "body is no object": no_object,
    "body is not UTF-8": replied(b'{"Item": "\xff"}'),
}
"""Everything that must become `Unavailable`, whatever the call (A57)."""
