"""HTTP as the tests speak it: one connection a request, and everything that came back."""

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

type Body = bytes | dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for given, value in self.headers if given.lower() == name), None)

    def json(self) -> Any:
        return json.loads(self.body)


class Speech:
    def __init__(self, url: str) -> None:
        self.url = url
        self._host = urlsplit(url).netloc

    def send(self, method: str, path: str, body: Body = None, headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection(self._host, timeout=60)
        content = json.dumps(body).encode() if isinstance(body, dict) else body
        given = {"content-type": "application/json"} if isinstance(body, dict) else {}
        try:
            connection.request(method, path, content, {**given, **(headers or {})})
            response = connection.getresponse()
            return Answer(status=response.status, headers=response.getheaders(), body=response.read())
        finally:
            connection.close()

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        return self.send("GET", path, None, headers)

    def post(self, path: str, body: Body = None, headers: dict[str, str] | None = None) -> Answer:
        return self.send("POST", path, body, headers)

    def probe(self, **order: Any) -> Answer:
        return self.post("/probe", order)

    def lines(self, function: str) -> list[str]:
        return [entry["line"] for entry in self.get(f"/_sandbox/logs?function={function}").json()]

    def function(self, name: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = self.get("/_sandbox/state").json()["functions"]
        return next(function for function in found if function["logical_id"] == name)


def eventually[T](look: Callable[[], T], seconds: float = 10) -> T:
    """What *look* sees as soon as it is true."""
    until = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < until:
        time.sleep(0.02)
    assert seen, f"not within {seconds} s"
    return seen
