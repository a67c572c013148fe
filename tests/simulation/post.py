"""What a client sends, what it hears, and by what an attempt is the same attempt."""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.functional.events import http_event

ISSUE = "POST /v1/challenges"
VERIFY, RESEND, STATUS, CANCEL = (f"{ISSUE}/{verb}" for verb in ("verify", "resend", "status", "cancel"))
FUNCTIONS = {ISSUE: "issue", RESEND: "issue", CANCEL: "issue", VERIFY: "verify", STATUS: "status"}
_serial = itertools.count()

type Attempt = tuple[str, str, str]
"""Idempotency-Key or the number of the request, challenge id, digits: what makes two requests one attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One request of a client."""

    region: str
    route: str
    members: Mapping[str, Any]
    key: str | None = None
    source_ip: str = "192.0.2.10"
    serial: int = field(default_factory=lambda: next(_serial))

    @property
    def function(self) -> str:
        """Return which function serves it."""
        return FUNCTIONS[self.route]

    @property
    def token(self) -> str:
        """Return the challenge id that it names, or nothing."""
        return str(self.members.get("challenge_id", ""))

    @property
    def attempt(self) -> Attempt:
        """Return which attempt this is."""
        digits = str(self.members.get("code", "")).replace(" ", "").replace("-", "")
        return self.key or f"#{self.serial}", self.token, digits

    @property
    def content(self) -> str:
        """Return what makes two keyed requests for a challenge the same request."""
        members = {"transaction": None, "nonce": None, "locale": None, **self.members}
        return json.dumps(members, sort_keys=True)

    def again(self) -> "Post":
        """Return the same request, sent once more."""
        return replace(self, serial=next(_serial))

    def event(self) -> dict[str, Any]:
        """Return what API Gateway makes of it."""
        return http_event(self.route, self.members, key=self.key, source_ip=self.source_ip)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a function answers to a request."""

    status: int
    body: Mapping[str, Any]

    @property
    def code(self) -> str:
        """Return the `code` of a problem, or nothing."""
        return str(self.body.get("code", ""))

    @property
    def done(self) -> bool:
        """Say whether the request succeeded."""
        return self.status < 300


def reply_of(response: Mapping[str, Any]) -> Reply:
    """Read a response of payload format 2.0."""
    return Reply(response["statusCode"], json.loads(response["body"]))
