"""The way between a client and the engine, where answers get lost, requests come twice and conflicts are met.

DynamoDB Local puts transactions in a row and never says TransactionConflict. DynamoDB may say it whenever two meet on
an item, so it is said here at random, in DynamoDB's own form, before the request gets through.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from tests.backends import faults
from tests.backends.wire import Call

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CONFLICT = {
    "TransactWriteItems": faults.cancelled(["TransactionConflict", "None"]),
    "UpdateItem": faults.refused("TransactionConflictException"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What happens to a request.

    It meets *conflicts* first; a *copy* of it reaches the engine that many seconds later (None: there is none); its
    answer comes, or is lost after the request was carried out, or the request itself gets lost.
    """

    conflicts: int = 0
    copy: float | None = None
    end: Literal["answered", "answer lost", "request lost"] = "answered"


class _Thread(threading.local):
    fate = Fate()
    conflicts = 0


@dataclass(slots=True)
class Wire:
    """Decides the fate of what one client sends, thread by thread."""

    client: "DynamoDBClient"
    _thread: _Thread = field(default_factory=_Thread)
    _copies: list[threading.Timer] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Stand before the transport."""
        self.client.meta.events.register("before-send.dynamodb", self._send)

    @contextmanager
    def meeting(self, fate: Fate) -> Iterator[None]:
        """Meanwhile what this thread sends meets *fate*."""
        self._thread.fate, self._thread.conflicts = fate, fate.conflicts
        try:
            yield
        finally:
            self._thread.fate, self._thread.conflicts = Fate(), 0

    def settle(self) -> None:
        """Wait until the last copy has arrived."""
        while self._copies:
            self._copies.pop().join()

    def _send(self, event_name: str, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        fate, operation = self._thread.fate, event_name.rsplit(".", 1)[-1]
        call = Call("dynamodb", operation, {})
        if self._thread.conflicts and operation in _CONFLICT:
            self._thread.conflicts -= 1
            return _CONFLICT[operation](call, lambda: self._forward(request))
        if fate.copy is not None:
            timer = threading.Timer(fate.copy, self._forward, [request])
            timer.start()
            self._copies.append(timer)
        match fate.end:
            case "answered":
                return None
            case "answer lost":
                return faults.lost_response(call, lambda: self._forward(request))
            case "request lost":
                return faults.read_timeout(call, lambda: self._forward(request))

    def _forward(self, request: AWSPreparedRequest) -> AWSResponse:
        response: AWSResponse = self.client._endpoint.http_session.send(request)  # type: ignore[attr-defined]
        return response
