"""A small HTTP client for a stack, or a sandbox, at one base URL. Standard library only: a command starts at once."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import cast
from urllib.parse import urlencode, urlsplit

type Members = dict[str, object]
type Signer = Callable[[str, str, Mapping[str, str], bytes], Mapping[str, str]]

ANSWER_SECONDS = 35.0  # API Gateway answers after 30 s at the latest


class UnreachableError(Exception):
    """Nothing at the URL speaks OTPost: no connection, no answer in time, or an answer that is not JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. *members* is empty when the body is a list, *items* when it is an object."""

    status: int
    headers: Mapping[str, str]
    members: Members = field(default_factory=dict[str, object], repr=False)
    items: list[Members] = field(default_factory=list[Members], repr=False)

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - the success class of RFC 9110 §15.3

    def text(self, name: str) -> str:
        """The member as text; empty when it is absent."""
        value = self.members.get(name)
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Speaks to *base_url*. *signer* adds headers to each request, for a stack in backend mode."""

    base_url: str
    signer: Signer | None = None

    def issue(self, request: Members, *, idempotency_key: str | None = None) -> Answer:
        return self.post("/v1/challenges", request, idempotency_key=idempotency_key)

    def verify(self, request: Members, *, idempotency_key: str | None = None) -> Answer:
        return self.post("/v1/challenges/verify", request, idempotency_key=idempotency_key)

    def act(self, verb: str, challenge_id: str) -> Answer:
        """Ask for one of the acts that need only the id: resend, status or cancel."""
        return self.post(f"/v1/challenges/{verb}", {"challenge_id": challenge_id})

    def keys(self) -> Answer:
        return self.send("GET", "/.well-known/jwks.json")

    def messages(self, to: str | None = None) -> list[Members]:
        """The mails that the sandbox caught, newest first."""
        return self._of_sandbox("GET", f"messages?{urlencode({'to': to})}" if to else "messages").items

    def time(self) -> datetime:
        """The sandbox's time, which may be ahead of this machine's."""
        return datetime.fromisoformat(str(self._of_sandbox("GET", "state").members["now"]))

    def advance(self, seconds: int) -> None:
        """Move the sandbox's clock forward."""
        self._of_sandbox("POST", "clock", json.dumps({"advance_seconds": seconds}).encode())

    def _of_sandbox(self, method: str, path: str, body: bytes = b"") -> Answer:
        answer = self.send(method, f"/_sandbox/{path}", body, {"Content-Type": "application/json"} if body else None)
        if not answer.is_success:
            raise UnreachableError(f"{self.base_url} is no sandbox: /_sandbox/{path} answers {answer.status}.")
        return answer

    def post(self, path: str, body: object, *, idempotency_key: str | None = None) -> Answer:
        headers = {"Content-Type": "application/json"}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        return self.send("POST", path, json.dumps(body).encode(), headers)

    def send(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """Send one request and read its answer; a connection of its own, never redirected, never repeated."""
        parts = urlsplit(self.base_url)
        target = parts.path.rstrip("/") + path
        sent = dict(headers or {})
        if self.signer is not None:
            sent |= self.signer(method, f"{parts.scheme}://{parts.netloc}{target}", sent, body)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.netloc, timeout=ANSWER_SECONDS)
        try:
            connection.request(method, target, body or None, sent)
            response = connection.getresponse()
            return _answer(response.status, dict(response.getheaders()), response.read())
        except (OSError, HTTPException, ValueError) as error:
            raise UnreachableError(f"{self.base_url} does not answer as OTPost does: {error}") from error
        finally:
            connection.close()


def _answer(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    folded = {name.lower(): value for name, value in headers.items()}
    parsed: object = json.loads(body)  # its error is a ValueError
    if isinstance(parsed, list):
        return Answer(status=status, headers=folded, items=cast("list[Members]", parsed))
    if not isinstance(parsed, dict):
        raise ValueError("the body is no JSON object")  # noqa: TRY004 - reported like any other body that is not ours
    return Answer(status=status, headers=folded, members=cast("Members", parsed))
