"""The HTTP API on this machine: routes to functions, with API Gateway's own answers in between."""

import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime

from aiohttp import web
from multidict import CIMultiDict

from otpost_tools.sandbox import cors, event, reply, signature
from otpost_tools.sandbox.clock import Clock
from otpost_tools.sandbox.event import HttpRequest
from otpost_tools.sandbox.pool import Pool
from otpost_tools.sandbox.reply import Reply
from otpost_tools.sandbox.runtime_api import LARGEST_PAYLOAD
from otpost_tools.sandbox.stack import Stack

LARGEST_BODY = 10 * 1024 * 1024
_NO_BODY = {204, 304}


class Gateway:
    """Answers requests as the stack's HTTP API does. Throttles are not applied."""

    def __init__(self, stack: Stack, pools: Mapping[str, Pool], clock: Clock, patience: float) -> None:
        self._stack = stack
        self._routes = {(route.method, route.path): route for route in stack.routes}
        self._pools = pools
        self._clock = clock
        self._patience = patience

    async def handle(self, incoming: web.Request) -> web.Response:
        """Answer one request."""
        body = await _body(incoming)
        now = self._clock.now()
        request = _read(incoming, body or b"", now)
        answer = reply.TOO_LARGE if body is None else await self._answer(request, now)
        return _response(answer, request)

    async def _answer(self, request: HttpRequest, now: datetime) -> Reply:
        settings = self._stack.cors
        if settings is None:
            return await self._routed(request, now)
        preflight = cors.preflight(settings, request)
        return preflight or cors.apply(settings, request, await self._routed(request, now))

    async def _routed(self, request: HttpRequest, now: datetime) -> Reply:
        route = self._routes.get((request.method, request.path))
        if route is None:
            return reply.NOT_FOUND
        caller = signature.caller(request, now) if route.signed else None
        if route.signed and caller is None:
            return reply.FORBIDDEN
        payload = json.dumps(event.build(request, route_key=route.key, caller=caller)).encode()
        if len(payload) > LARGEST_PAYLOAD:
            return reply.TOO_LARGE
        return reply.from_outcome(await self._pools[route.function].invoke(payload, patience=self._patience))


async def _body(incoming: web.Request) -> bytes | None:
    """The body, or None if it is too large; then it is not read to its end."""
    if (incoming.content_length or 0) > LARGEST_BODY:
        return None
    chunks = bytearray()
    async for chunk in incoming.content.iter_any():
        chunks += chunk
        if len(chunks) > LARGEST_BODY:
            return None
    return bytes(chunks)


def _read(incoming: web.Request, body: bytes, now: datetime) -> HttpRequest:
    path, _, query = incoming.raw_path.partition("?")
    transport = incoming.transport
    own = transport.get_extra_info("sockname") if transport is not None else None
    return HttpRequest(
        method=incoming.method,
        path=path,
        query=query,
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in incoming.raw_headers),
        body=body,
        source_ip=incoming.remote or "",
        port=own[1] if own else 0,
        received_at=now,
    )


def _response(answer: Reply, request: HttpRequest) -> web.Response:
    headers = CIMultiDict(answer.headers)
    headers["apigw-requestid"] = request.request_id
    headers["Date"] = format_datetime(request.received_at, usegmt=True)
    body = None if answer.status in _NO_BODY else answer.body
    return web.Response(status=answer.status, headers=headers, body=body)
