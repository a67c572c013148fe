"""Tells open pages what happens, as server-sent events."""

import asyncio
import json
from collections.abc import Mapping

from aiohttp import web

_WAITING = 1000  # events that a page may lag behind before it is cut off and asks again
_HEARTBEAT_SECONDS = 15.0


class Stream:
    """Every listener gets every event from its arrival on."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[bytes]] = set()
        self._closed = False

    def tell(self, event: str, data: Mapping[str, object]) -> None:
        """Send an event to all listeners."""
        self._put(f"event: {event}\ndata: {json.dumps(data)}\n\n".encode())

    def close(self) -> None:
        """End every listener's answer."""
        self._closed = True
        self._put(b"")

    def _put(self, chunk: bytes) -> None:
        for listener in tuple(self._listeners):
            try:
                listener.put_nowait(chunk)
            except asyncio.QueueFull:
                self._listeners.discard(listener)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one listener until it leaves, lags behind, or the stream closes."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        listener: asyncio.Queue[bytes] = asyncio.Queue(_WAITING)
        self._listeners.add(listener)
        try:
            await response.write(b": listening\n\n")
            while not self._closed and (chunk := await self._next(listener)):
                await response.write(chunk)
        except ConnectionResetError:
            pass  # the page was closed
        finally:
            self._listeners.discard(listener)
        return response

    async def _next(self, listener: asyncio.Queue[bytes]) -> bytes:
        try:
            async with asyncio.timeout(_HEARTBEAT_SECONDS):
                return await listener.get()
        except TimeoutError:
            return b": still here\n\n" if listener in self._listeners else b""
