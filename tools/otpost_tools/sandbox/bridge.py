"""The way in for containers on this machine, to whom 127.0.0.1 is another place: the address of their bridge.

Docker Desktop needs none of it: its `host.docker.internal` leads to this machine's 127.0.0.1. On Linux a relay listens
on the address that containers see of this machine. It is asked for, never there by itself: what it opens has no
password.
"""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from urllib.parse import urlsplit

from otpost_tools.sandbox.endpoints import Endpoints
from otpost_tools.sandbox.errors import BridgeError

DESKTOP = "host.docker.internal"
DOCKER = "172.17.0.1"
"""This machine's address on Docker's own bridge, unless somebody has configured another."""

_IP_FREEBIND = 15  # Linux, <bits/in.h>: podman makes its bridge with the first container, long after us
_CHUNK = 64 * 1024


@asynccontextmanager
async def opened(address: str | None, endpoints: Endpoints) -> AsyncIterator[Endpoints]:
    """Yield *endpoints* as containers reach them. With an *address* of this machine, relays listen there meanwhile.

    Raises BridgeError if the address is none of a private network, or cannot be used.
    """
    async with AsyncExitStack() as relays:
        names = {endpoints.backends: "", endpoints.dynamodb: ""}
        for url in names:
            port = urlsplit(url).port or 80
            names[url] = f"http://{DESKTOP}:{port}"
            if address is not None:
                names[url] = f"http://{address}:{await relays.enter_async_context(_relay(address, port))}"
        yield replace(endpoints, backends=names[endpoints.backends], dynamodb=names[endpoints.dynamodb])


@asynccontextmanager
async def _relay(address: str, port: int) -> AsyncIterator[int]:
    """Carry what comes in on a free port of *address* to *port* of 127.0.0.1, and back."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                await asyncio.gather(_copy(reader, there_writer), _copy(there_reader, writer))
            finally:
                there_writer.close()
        writer.close()

    server = await asyncio.start_server(carry, sock=_listener(address))
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        server.close_clients()
        await server.wait_closed()


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while chunk := await source.read(_CHUNK):
        sink.write(chunk)
        await sink.drain()
    sink.write_eof()


def _listener(address: str) -> socket.socket:
    try:
        parsed = ipaddress.IPv4Address(address)
        if not parsed.is_private or parsed.is_unspecified:
            raise BridgeError(f"{address} is no address of a bridge between containers; Docker's own is {DOCKER}.")
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        with suppress(OSError):
            listener.setsockopt(socket.IPPROTO_IP, _IP_FREEBIND, 1)
        listener.bind((address, 0))
    except (OSError, ValueError) as error:
        raise BridgeError(f"Containers cannot be served on {address}: {error}.") from error
    return listener
