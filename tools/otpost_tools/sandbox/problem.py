"""Refusals of the sandbox's own routes (RFC 9457)."""

import json

from aiohttp import web


def problem(status: int, code: str, detail: str) -> web.Response:
    """A problem document; *detail* says what to do."""
    body = {"type": "about:blank", "title": code.replace("_", " "), "status": status, "code": code, "detail": detail}
    return web.Response(
        status=status,
        body=json.dumps(body).encode(),
        headers={"Content-Type": "application/problem+json", "Cache-Control": "no-store"},
    )
