"""The sandbox's one public port: the stack's HTTP API, and the sandbox's own routes below /_sandbox/."""

import errno
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import hdrs, web

from otpost_tools.sandbox import local_only
from otpost_tools.sandbox.errors import PortInUseError
from otpost_tools.sandbox.gateway import Gateway
from otpost_tools.sandbox.routes import Routes

_BACKLOG = 1024
_SHUTDOWN_SECONDS = 0.3


def bind(port: int) -> socket.socket:
    """The port, taken before anything else is started; it accepts only when the site opens."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        raise PortInUseError(
            f"Port {port} of 127.0.0.1 cannot be used ({error.strerror}). "
            f"Set OTPOST_PORT to another one, for example OTPOST_PORT={port + 1 if port else 8001}."
        ) from error
    return listener


@asynccontextmanager
async def opened(listener: socket.socket, gateway: Gateway, routes: Routes) -> AsyncIterator[None]:
    """Serve at *listener* while in here."""
    application = web.Application(middlewares=[local_only.middleware])
    application.add_routes(routes.table())
    application.router.add_route(hdrs.METH_ANY, "/{path:.*}", gateway.handle)
    application.on_response_prepare.append(_without_server)
    # A compressed body is the function's to refuse: API Gateway does not unpack it.
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS, auto_decompress=False)
    await runner.setup()
    try:
        await web.SockSite(runner, listener, backlog=_BACKLOG).start()
        yield
    finally:
        await runner.cleanup()


async def _without_server(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.popall(hdrs.SERVER, None)  # API Gateway does not say what it is
