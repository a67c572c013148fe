"""An HTTP API event (payload format 2.0) as a request: who asks, from where, with which members.

Size is checked before anything is parsed, and what JSON leaves open (RFC 8259 §4: duplicate names; NaN; lone
surrogates) is refused here.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeIs

from otpost.errors import BodyTooLarge, Flaw, InvalidRequest, UnsupportedMediaType

MAX_BODY_OCTETS = 8192
_IDEMPOTENCY_KEY = re.compile(r"[!-~]{16,128}")
_JSON = re.compile(r"application/json\s*(?:;\s*charset\s*=\s*\"?utf-8\"?\s*)?", re.IGNORECASE)
_NOT_JSON = Flaw(
    where="#", detail="The body must be one JSON object in UTF-8 with no duplicate names, NaN or Infinity."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. *now* is the only clock that serves it."""

    event: Mapping[str, Any] = field(repr=False)
    now: datetime

    @property
    def route(self) -> str:
        """Return the route of the template that API Gateway matched, like `POST /v1/challenges`."""
        return str(self.event["routeKey"])

    @property
    def connection_ip(self) -> str:
        """Return the address of the TCP peer as API Gateway saw it; forwarding headers are never read."""
        return str(self.event["requestContext"]["http"]["sourceIp"])

    @property
    def principal(self) -> str:
        """Return who signed the request: account and unique id of the role or user, without the session's name.

        Requests that nobody signs share one principal, so their idempotency keys must be random (UUIDs are).
        """
        iam = self.event["requestContext"].get("authorizer", {}).get("iam")
        return f"{iam['accountId']}/{iam['userId'].partition(':')[0]}" if iam else "anonymous"

    @property
    def idempotency_key(self) -> str | None:
        """Return the Idempotency-Key header, None if absent; raise InvalidRequest if it is not 16–128 visible ASCII."""
        key = self._headers.get("idempotency-key")
        if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
            detail = "Idempotency-Key must be 16 to 128 visible ASCII characters; a random UUID is a good one."
            raise InvalidRequest(Flaw(where="Idempotency-Key", detail=detail))
        return key

    def members(self) -> dict[str, object]:
        """Return the members of the body; raise a BadRequest if it is not one plain JSON object of at most 8 KB."""
        headers = self._headers
        if not _JSON.fullmatch(headers.get("content-type", "").strip()) or "content-encoding" in headers:
            raise UnsupportedMediaType("The body must be application/json in UTF-8, not compressed.")
        return _object(self._octets())

    @property
    def _headers(self) -> dict[str, str]:
        # API Gateway sends the names in lower case, `sam local start-api` does not; they mean the same (RFC 9110 §5.1).
        return {name.lower(): value for name, value in self.event["headers"].items()}

    def _octets(self) -> bytes:
        body: str = self.event.get("body") or ""
        if len(body) > MAX_BODY_OCTETS * 2:  # base64 is longer by a third; more is too much either way
            raise BodyTooLarge("The body is over 8 KB.")
        try:
            octets = base64.b64decode(body, validate=True) if self.event.get("isBase64Encoded") else body.encode()
        except ValueError as error:  # no base64, or lone surrogates
            raise InvalidRequest(_NOT_JSON) from error
        if len(octets) > MAX_BODY_OCTETS:
            raise BodyTooLarge("The body is over 8 KB.")
        return octets


def _object(octets: bytes) -> dict[str, object]:
    try:
        members: object = json.loads(octets.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError, JSONDecodeError, integers of over 4,300 digits
        raise InvalidRequest(_NOT_JSON) from error
    if not is_object(members):
        raise InvalidRequest(_NOT_JSON)
    return members


def is_object(value: object) -> TypeIs[dict[str, object]]:
    """Say whether a JSON value is an object; the names of one are strings."""
    return isinstance(value, dict)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate name")
    return members


def _no_constant(_: str) -> object:
    raise ValueError("NaN and Infinity are not JSON")
