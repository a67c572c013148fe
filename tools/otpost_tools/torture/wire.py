"""HTTP by the byte: a connection opened ahead, a request whose last byte is held back, an answer that nobody reads."""

import socket
import ssl
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException, HTTPResponse
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from otpost_tools.torture.reply import Reply

ANSWER_SECONDS = 60.0
_ABORT = struct.pack("ii", 1, 0)  # SO_LINGER with no time: closing resets the connection


class BrokenConnectionError(Exception):
    """No connection, or no whole answer on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, ready to be sent to *base_url*."""

    base_url: str
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    def rendered(self) -> bytes:
        own = {"Host": urlsplit(self.base_url).netloc, "Connection": "close", "Content-Length": str(len(self.body))}
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in {**self.headers, **own}.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


class Connection:
    """An open connection for one *request*. Entering connects; leaving closes."""

    def __init__(self, request: Request) -> None:
        self._method = request.method
        self._url = urlsplit(request.base_url)
        self._bytes = request.rendered()

    def __enter__(self) -> Self:
        secure = self._url.scheme == "https"
        address = (self._url.hostname or "", self._url.port or (443 if secure else 80))
        try:
            self._socket = socket.create_connection(address, timeout=ANSWER_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if secure:
                self._socket = _trust().wrap_socket(self._socket, server_hostname=address[0])
        except OSError as error:
            raise BrokenConnectionError(f"{self._url.netloc}: {error}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def prime(self) -> None:
        """Send everything but the last byte: the server waits for it."""
        self._send(self._bytes[:-1])

    def fire(self) -> None:
        """Send the last byte of a primed request."""
        self._send(self._bytes[-1:])

    def read(self) -> Reply:
        """Read the answer; BrokenConnectionError if there is none."""
        try:
            with HTTPResponse(self._socket, method=self._method) as response:
                response.begin()
                return Reply(status=response.status, headers=tuple(response.getheaders()), body=response.read())
        except (OSError, HTTPException) as error:
            raise BrokenConnectionError(f"{self._url.netloc}: {error!r}") from error

    def lose(self, *, answered: bool) -> None:
        """Give up: at the first byte of the answer (*answered*), or at once."""
        if answered:
            self._receive_first_byte()
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)

    def _receive_first_byte(self) -> None:
        try:
            self._socket.recv(1)
        except OSError as error:
            raise BrokenConnectionError(f"{self._url.netloc}: {error!r}") from error

    def _send(self, part: bytes) -> None:
        try:
            self._socket.sendall(part)
        except OSError as error:
            raise BrokenConnectionError(f"{self._url.netloc}: {error!r}") from error


def sent(request: Request) -> Reply:
    """Send one request and read its answer."""
    with Connection(request) as connection:
        connection.prime()
        connection.fire()
        return connection.read()


def lost(request: Request, *, answered: bool) -> None:
    """Send one request and go away without reading its answer."""
    with Connection(request) as connection:
        connection.prime()
        connection.fire()
        connection.lose(answered=answered)


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
