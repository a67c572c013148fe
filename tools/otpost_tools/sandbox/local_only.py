"""Keeps web pages of other origins away from the sandbox's own routes.

They show codes and change state, and every page in the user's browser can send requests to 127.0.0.1: a foreign Origin
is refused, and so is a Host that is not this machine's (a foreign name that was made to point here).
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from otpost_tools.sandbox.paths import PREFIX
from otpost_tools.sandbox.problem import problem

_OWN_NAMES = {"127.0.0.1", "localhost"}
type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what does not come from this machine's own pages or tools."""
    # The decoded path: /%5Fsandbox/ is routed like /_sandbox/.
    if not request.path.startswith(PREFIX) or _is_local(request):
        return await handler(request)
    detail = "Open the sandbox as http://127.0.0.1 or http://localhost; other origins are refused."
    return problem(403, "not_local", detail)


def _is_local(request: web.Request) -> bool:
    host = request.headers.get("Host", "")
    origin = request.headers.get("Origin")
    if _name(f"//{host}") not in _OWN_NAMES:
        return False
    # The same name and port: a page of another port of this machine is another origin.
    return origin is None or origin == f"http://{host}"


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
