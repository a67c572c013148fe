"""How API Gateway answers pages of other origins. Configured there, it ignores the function's own CORS headers."""

from collections.abc import Iterable

from otpost_tools.sandbox.event import HttpRequest
from otpost_tools.sandbox.reply import Reply
from otpost_tools.sandbox.stack import Cors

_WILDCARDS = {"*", "http://*", "https://*"}


def preflight(cors: Cors, request: HttpRequest) -> Reply | None:
    """The answer to a preflight request, on any path; None if *request* is not one."""
    origin = request.header("origin")
    if request.method != "OPTIONS" or origin is None or request.header("access-control-request-method") is None:
        return None
    if not _allowed(cors, origin):
        return Reply(status=204, headers=(), body=b"")
    headers = [
        *_origin(cors, origin),
        *_list("access-control-allow-methods", cors.methods),
        *_list("access-control-allow-headers", cors.headers),
    ]
    if cors.max_age is not None:
        headers.append(("access-control-max-age", str(cors.max_age)))
    return Reply(status=204, headers=tuple(headers), body=b"")


def apply(cors: Cors, request: HttpRequest, reply: Reply) -> Reply:
    """*reply* with the CORS headers that the page's origin may have, and no others."""
    own = tuple(header for header in reply.headers if not header[0].startswith("access-control-"))
    origin = request.header("origin")
    if origin is None or not _allowed(cors, origin):
        return Reply(status=reply.status, headers=own, body=reply.body)
    added = (*_origin(cors, origin), *_list("access-control-expose-headers", cors.exposed))
    return Reply(status=reply.status, headers=own + added, body=reply.body)


def _allowed(cors: Cors, origin: str) -> bool:
    wildcards = _WILDCARDS.intersection(cors.origins)
    return origin in cors.origins or any(origin.startswith(wildcard.rstrip("*")) for wildcard in wildcards)


def _origin(cors: Cors, origin: str) -> list[tuple[str, str]]:
    headers = [("access-control-allow-origin", "*" if "*" in cors.origins else origin)]
    if cors.credentials:
        headers.append(("access-control-allow-credentials", "true"))
    return headers


def _list(name: str, values: Iterable[str]) -> list[tuple[str, str]]:
    joined = ",".join(values)
    return [(name, joined)] if joined else []
