"""The sandbox's own routes: the inbox page, mail, logs, metrics, time, feedback, a fresh start."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeGuard

from aiohttp import web

from otpost_tools.sandbox.clock import FURTHEST
from otpost_tools.sandbox.feedback import DETAIL_TYPES
from otpost_tools.sandbox.paths import PREFIX
from otpost_tools.sandbox.problem import problem
from otpost_tools.sandbox.sandbox import Sandbox

_PAGE = Path(__file__).with_name("page")
_FRESH = {"Cache-Control": "no-store"}
# The page's own scripts and styles; a mail's HTML is shown in a frame, where only its inline style runs.
_PAGE_HEADERS = {
    **_FRESH,
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Routes:
    """Handlers for one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def table(self) -> list[web.RouteDef]:
        """All routes, the page's files last."""
        return [
            web.get(f"{PREFIX}/messages", self._messages),
            web.get(f"{PREFIX}/messages/{{id}}/source", self._source),
            web.get(f"{PREFIX}/stream", self._sandbox.stream.serve),
            web.get(f"{PREFIX}/logs", self._logs),
            web.get(f"{PREFIX}/metrics", self._metrics),
            web.get(f"{PREFIX}/state", self._state),
            web.post(f"{PREFIX}/clock", self._clock),
            web.post(f"{PREFIX}/feedback", self._feedback),
            web.post(f"{PREFIX}/reset", self._reset),
            web.get(PREFIX, self._to_page),
            web.get(f"{PREFIX}/{{file:[^/]*}}", self._page),
            web.route("*", f"{PREFIX}/{{rest:.*}}", self._unknown),
        ]

    async def _messages(self, request: web.Request) -> web.Response:
        mails = self._sandbox.mailbox.mails(request.query.get("to"))
        return _json([mail.public() for mail in mails])

    async def _source(self, request: web.Request) -> web.Response:
        mail = self._sandbox.mailbox.mail(request.match_info["id"])
        if mail is None:
            return problem(404, "unknown_message", "There is no message with this id; GET messages lists them.")
        headers = {**_FRESH, "Content-Type": "message/rfc822", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=mail.source, headers=headers)

    async def _logs(self, request: web.Request) -> web.Response:
        return _json([asdict(line) for line in self._sandbox.logs.lines(request.query.get("function"))])

    async def _metrics(self, _request: web.Request) -> web.Response:
        return _json(self._sandbox.metrics.totals())

    async def _state(self, _request: web.Request) -> web.Response:
        return _json(self._sandbox.state())

    async def _clock(self, request: web.Request) -> web.Response:
        seconds = (await _object(request)).get("advance_seconds")
        if not _is_number(seconds) or not 0 <= seconds <= FURTHEST - self._sandbox.clock.offset:
            detail = 'Send {"advance_seconds": n}: a number of seconds from 0 on, ten years ahead at most in all.'
            return problem(400, "invalid_advance", detail)
        self._sandbox.advance(float(seconds))
        return _json(self._sandbox.time())

    async def _feedback(self, request: web.Request) -> web.Response:
        body = await _object(request)
        to, kind = body.get("to"), body.get("type")
        if not isinstance(to, str) or kind not in DETAIL_TYPES:
            detail = f'Send {{"to": an address, "type": one of {", ".join(DETAIL_TYPES)}}}.'
            return problem(400, "invalid_feedback", detail)
        mails = self._sandbox.mailbox.mails(to)
        if not mails:
            return problem(404, "no_mail", "No mail to this address was caught; feedback is always about a mail.")
        if not self._sandbox.listeners(mails[0], kind):
            detail = (
                f"No EventBridge rule of the template matches {DETAIL_TYPES[kind]!r}, so no function would hear it."
            )
            return problem(409, "nobody_listens", detail)
        taken = await self._sandbox.feed_back(mails[0], kind)
        return _json({"message_id": mails[0].id, "type": kind, "functions": taken})

    async def _reset(self, _request: web.Request) -> web.Response:
        await self._sandbox.reset()
        return _json(self._sandbox.time())

    async def _to_page(self, _request: web.Request) -> web.Response:
        return web.Response(status=308, headers={"Location": f"{PREFIX}/"})

    async def _page(self, request: web.Request) -> web.StreamResponse:
        path = _PAGE / (request.match_info["file"] or "index.html")
        if path.parent != _PAGE or not path.is_file():
            return await self._unknown(request)
        return web.FileResponse(path, headers=_PAGE_HEADERS)

    async def _unknown(self, _request: web.Request) -> web.Response:
        detail = "The sandbox has messages, logs, metrics, state, stream, and POST to clock, feedback and reset."
        return problem(404, "unknown_route", detail)


def _json(value: object) -> web.Response:
    return web.json_response(value, headers=_FRESH)


async def _object(request: web.Request) -> dict[str, Any]:
    """The body as a JSON object; anything else counts as an empty one."""
    try:
        value = json.loads(await request.read())
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
