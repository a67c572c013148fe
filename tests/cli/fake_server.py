"""Serves the fake stack over HTTP from a thread: the API, the sandbox's routes, and the page's files."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from otpost_tools.sandbox import page
from tests.cli.fake_stack import FakeStack, Refusal

PAGE = Path(page.__path__[0])
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
Act = Callable[[dict[str, object], str | None], dict[str, object]]


class FakeServer:
    def __init__(self, stack: FakeStack) -> None:
        self.stack = stack
        self._streams: set[asyncio.Queue[str | None]] = set()

    def app(self) -> web.Application:
        app = web.Application()
        app.on_shutdown.append(self._end_streams)
        app.add_routes([
            self._api("/v1/challenges", self.stack.issue, 202, "message"),
            self._api("/v1/challenges/verify", self.stack.verify, 200),
            self._api("/v1/challenges/resend", self.stack.resend, 202, "message"),
            self._api("/v1/challenges/cancel", self.stack.cancel, 200),
            self._api("/v1/challenges/status", self.stack.status, 200),
            web.get("/.well-known/jwks.json", self._jwks),
            web.get("/_sandbox/state", self._state),
            web.get("/_sandbox/messages", self._messages),
            web.get("/_sandbox/messages/{id}/source", self._source),
            web.get("/_sandbox/stream", self._stream),
            web.post("/_sandbox/clock", self._clock),
            web.post("/_sandbox/reset", self._reset),
            web.get("/_sandbox/", self._file),
            web.get("/_sandbox/{name}", self._file),
        ])  # fmt: skip
        return app

    def _api(self, path: str, act: Act, success: int, event: str | None = None) -> web.RouteDef:
        async def handle(request: web.Request) -> web.Response:
            body = json.loads(await request.text())
            try:
                answer = act(body, request.headers.get("Idempotency-Key"))
            except Refusal as refusal:
                return problem(refusal)
            if event:
                self._tell(event)
            return web.json_response(answer, status=success, headers={"Cache-Control": "no-store"})

        return web.post(path, handle)

    def _tell(self, event: str) -> None:
        for stream in self._streams:
            stream.put_nowait(event)

    async def _jwks(self, _request: web.Request) -> web.Response:
        return web.json_response(self.stack.jwks())

    async def _state(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {"now": self.stack.now().isoformat(), "offset_seconds": self.stack.offset.total_seconds()}
        )

    async def _messages(self, request: web.Request) -> web.Response:
        to = request.query.get("to")
        return web.json_response([message for message in self.stack.messages if to in (None, message["to"])])

    async def _source(self, request: web.Request) -> web.Response:
        found = [message for message in self.stack.messages if message["id"] == request.match_info["id"]]
        return web.Response(text=f"Subject: {found[0]['subject']}\r\n\r\n{found[0]['text']}")

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._streams.add(queue)
        try:
            while event := await queue.get():
                await response.write(f"event: {event}\ndata: {{}}\n\n".encode())
        except ConnectionResetError:
            pass  # the page was closed
        finally:
            self._streams.discard(queue)
        return response

    async def _end_streams(self, _app: web.Application) -> None:
        for stream in self._streams:
            stream.put_nowait(None)

    async def _clock(self, request: web.Request) -> web.Response:
        self.stack.offset += timedelta(seconds=(await request.json())["advance_seconds"])
        self._tell("clock")
        return await self._state(request)

    async def _reset(self, request: web.Request) -> web.Response:
        self.stack.reset()
        self._tell("reset")
        return await self._state(request)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = PAGE / request.match_info.get("name", "index.html")
        if not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Content-Security-Policy": POLICY})


def problem(refusal: Refusal) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "OTPost"
    if "retry_after" in refusal.members:
        headers["Retry-After"] = str(refusal.members.pop("retry_after"))
    return web.json_response(
        refusal.members, status=refusal.status, headers=headers, content_type="application/problem+json"
    )


@contextmanager
def served(stack: FakeStack, port: int = 0) -> Iterator[str]:
    """Serve *stack* and give its base URL; stopped and joined at the end."""
    loop, ready, address = asyncio.new_event_loop(), threading.Event(), [""]

    async def start() -> web.AppRunner:
        runner = web.AppRunner(FakeServer(stack).app(), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        address[0] = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        return runner

    def run() -> None:
        runner = loop.run_until_complete(start())
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(10)
    try:
        yield address[0]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
