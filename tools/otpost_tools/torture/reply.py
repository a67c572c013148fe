"""An answer, what an adapter's rules make of it, and what can be captured from it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from otpost_tools.torture.adapter import Capture, Json, Outcome, Rule, Source

_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back. Header names may repeat."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)

    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Json:
        """The body as JSON; None if it is none."""
        try:
            return cast("Json", json.loads(self.body))
        except ValueError:
            return None

    def header(self, name: str) -> str | None:
        """The first header of this name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def set_cookies(self) -> dict[str, str | None]:
        """Cookies by name, as the answer sets them; None for one that it deletes."""
        found = dict[str, str | None]()
        for line in (value for key, value in self.headers if key.lower() == "set-cookie"):
            pair, _, attributes = line.partition(";")
            name, _, value = pair.partition("=")
            deleted = re.search(r"max-age\s*=\s*(0|-)", attributes, re.IGNORECASE) is not None
            found[name.strip()] = None if deleted else value.strip()
        return found

    def retry_after(self) -> int | None:
        """Seconds that the answer asks to wait, if it says so in seconds."""
        value = self.header("retry-after") or ""
        return int(value) if re.fullmatch(r"[0-9]{1,7}", value) else None


def at_path(value: Json, path: str) -> Json:
    """What stands at `a.b.0` in *value*; None if nothing does. The empty path is *value* itself."""
    for name in path.split(".") if path else ():
        match value:
            case dict():
                value = value.get(name)
            case list() if name.isdecimal() and int(name) < len(value):
                value = value[int(name)]
            case _:
                return None
    return value


def judged(reply: Reply, rules: Sequence[Rule]) -> Outcome:
    """The outcome of the first rule that fits."""
    for rule in rules:
        if _fits(reply, rule):
            return rule.outcome
    return Outcome.ERROR if reply.status >= _SERVER_ERROR else Outcome.UNKNOWN


def captured(reply: Reply, capture: Capture) -> str | None:
    """The value as text; None if the answer does not have it."""
    match capture.source:
        case Source.JSON:
            value = at_path(reply.json(), capture.what)
            return None if value is None else str(value)
        case Source.COOKIE:
            return reply.set_cookies().get(capture.what)
        case Source.HEADER:
            return reply.header(capture.what)
        case Source.BODY:
            found = re.search(capture.what, reply.text(), re.MULTILINE)
            return None if found is None else found[1]


def _fits(reply: Reply, rule: Rule) -> bool:
    return (
        (not rule.statuses or reply.status in rule.statuses)
        and (not rule.json or _has(reply.json(), rule))
        and all(pattern.search(reply.header(name) or "") for name, pattern in rule.headers.items())
        and (rule.body is None or rule.body.search(reply.text()) is not None)
    )


def _has(document: Json, rule: Rule) -> bool:
    return all(at_path(document, path) == value for path, value in rule.json.items())
