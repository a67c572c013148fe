"""The one way from clients to moto: it keeps order, counts calls and fails on demand.

moto answers inside botocore's `before-send` event. `Wire` takes moto's place there and passes requests on, so what is
under test is our code and all of botocore (serializing, parsing, retries), and nothing of ours is patched.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it left for AWS."""

    service: str
    operation: str
    parameters: dict[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        """Return it as `kms.Sign`."""
        return f"{self.service}.{self.operation}"


type Forward = Callable[[], AWSResponse]
"""Lets the request through to moto and returns what it said."""

type Fault = Callable[[Call, Forward], AWSResponse]
"""Answers a call in moto's place, with or without letting it through, or raises what botocore's transport would."""


class Wire:
    """Passes one request at a time to moto, which loses races when two come at once."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._lock = threading.RLock()
        self._faults: list[tuple[str, Fault]] = []
        self._done: dict[str, tuple[int, bytes]] = {}

    def __call__(self, event_name: str, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        """Answer botocore's `before-send`."""
        service, operation = event_name.split(".")[1:]
        with self._lock:
            call = Call(service, operation, _members(request))
            self.calls.append(call)
            for name, fault in reversed(self._faults):
                if name in {"*", call.service, call.name}:
                    return fault(call, lambda: self._forward(call, request))
            return self._forward(call, request)

    @contextmanager
    def failing(self, name: str, fault: Fault) -> Iterator[None]:
        """While this lasts, calls of `service.Operation`, of a service, or all (`*`) meet *fault*."""
        self._faults.append((name, fault))
        try:
            yield
        finally:
            self._faults.remove((name, fault))

    @contextmanager
    def watched(self) -> Iterator[list[str]]:
        """Yield a list that holds, once this ends, the names of the calls made meanwhile, in order."""
        names: list[str] = []
        start = len(self.calls)
        yield names
        names.extend(call.name for call in self.calls[start:])

    def _forward(self, call: Call, request: AWSPreparedRequest) -> AWSResponse:
        """Ask moto; a transaction that was done answers its ClientRequestToken again, which moto ignores."""
        token = call.parameters.get("ClientRequestToken")
        if token in self._done:
            return answer(request.url or "", *self._done[token])
        response: AWSResponse = botocore_stubber("before-send", request)  # type: ignore[assignment]  # enabled: never None
        if token and response.status_code == 200:
            self._done[token] = (200, response.content)
            return answer(request.url or "", 200, response.content)
        return response


def answer(url: str, status: int, body: bytes, headers: dict[str, str] | None = None) -> AWSResponse:
    """Return a response as botocore's transport would."""
    return AWSResponse(url, status, HTTPHeaders.from_dict(headers or {}), MockRawResponse(body))


def _members(request: AWSPreparedRequest) -> dict[str, Any]:
    body = request.body or b"{}"
    assert isinstance(body, str | bytes)
    members: dict[str, Any] = json.loads(body)
    return members
