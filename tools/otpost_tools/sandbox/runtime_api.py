"""Lambda's Runtime API for one worker: the four calls that AWS's runtime client makes, on a port of their own."""

import asyncio
from typing import Protocol

from aiohttp import web

from otpost_tools.sandbox.invocation import Invocation

LARGEST_PAYLOAD = 6 * 1024 * 1024 + 100 * 1024  # Lambda's 6 MB, and what it grants the wrapping
_CLOSE_SECONDS = 0.1  # to aiohttp 0 means no limit
_PREFIX = "/2018-06-01/runtime/"


class Client(Protocol):
    """What happens when the runtime calls."""

    async def next_invocation(self) -> Invocation:
        """The runtime is idle: wait for an event."""
        ...

    def answer(self, request_id: str, payload: bytes | None) -> bool:
        """The handler answered (None: more than Lambda carries). False if that run is not the current one."""
        ...

    def fail(self, request_id: str, error: bytes) -> bool:
        """The handler raised. False if that run is not the current one."""
        ...

    def fail_init(self, error: bytes) -> None:
        """The handler could not be imported."""
        ...

    def headers(self, invocation: Invocation) -> dict[str, str]:
        """What the runtime is told beside the event."""
        ...


class RuntimeApi:
    """Serves the Runtime API of one worker."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._web = web.Server(self._handle, access_log=None)
        self._server: asyncio.Server | None = None

    async def open(self) -> str:
        """Start to serve; returns host and port."""
        self._server = await asyncio.get_running_loop().create_server(self._web, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        return f"{host}:{port}"

    async def close(self) -> None:
        """End every connection."""
        if self._server is not None:
            self._server.close()
        await self._web.shutdown(_CLOSE_SECONDS)

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        path = request.path.removeprefix(_PREFIX)
        match request.method, path.split("/"):
            case "GET", ["invocation", "next"]:
                invocation = await self._client.next_invocation()
                return web.Response(body=invocation.event, headers=self._client.headers(invocation))
            case "POST", ["invocation", request_id, "response"]:
                payload = await _body(request)
                status = 413 if payload is None else 202
                return _status(status if self._client.answer(request_id, payload) else 400)
            case "POST", ["invocation", request_id, "error"]:
                return _status(202 if self._client.fail(request_id, await _body(request) or b"{}") else 400)
            case "POST", ["init", "error"]:
                self._client.fail_init(await _body(request) or b"{}")
                return _status(202)
            case _:
                return _status(404)


def _status(code: int) -> web.Response:
    return web.json_response({"status": "OK"} if code == web.HTTPAccepted.status_code else {}, status=code)


async def _body(request: web.BaseRequest) -> bytes | None:
    """The body, or None if it is more than Lambda carries."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.content.iter_any():
        size += len(chunk)
        if size <= LARGEST_PAYLOAD:
            chunks.append(chunk)
    return b"".join(chunks) if size <= LARGEST_PAYLOAD else None
