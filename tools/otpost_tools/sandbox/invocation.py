"""One run of a function, from the event to the outcome."""

import asyncio
import json
import secrets
import uuid
from dataclasses import dataclass, field
from enum import StrEnum


class Failure(StrEnum):
    """Why a run has no answer."""

    HANDLER = "handler raised"
    INIT = "init failed"
    CRASH = "process ended"
    TIMEOUT = "timed out"
    TOO_LARGE = "answer over 6 MB"
    WAITED = "no answer in time"
    CLOSED = "sandbox stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the handler returned, as JSON."""

    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No answer; *error* is the error document that Lambda would return."""

    failure: Failure
    error: bytes = b"{}"


type Outcome = Answered | Failed


def error_document(kind: str, message: str) -> bytes:
    """Lambda's error document."""
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


def _trace_id() -> str:
    return f"Root=1-{secrets.token_hex(4)}-{secrets.token_hex(12)};Parent={secrets.token_hex(8)};Sampled=0"


@dataclass(slots=True, kw_only=True, eq=False)
class Invocation:
    """An event on its way; *outcome* is set exactly once."""

    event: bytes
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    trace_id: str = field(default_factory=_trace_id)
    outcome: asyncio.Future[Outcome] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def finish(self, outcome: Outcome) -> None:
        """Set the outcome; the first one counts."""
        if not self.outcome.done():
            self.outcome.set_result(outcome)
