"""How answers look in a terminal: facts in two columns, refusals in one line of plain words on standard error."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import cast

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from otpost_tools.client import Answer, Members


def console() -> Console:
    return Console(highlight=False)


def error_console() -> Console:
    return Console(highlight=False, stderr=True)


def print_json(value: object) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))


def facts(rows: Iterable[tuple[str, ...]]) -> Table:
    """Quiet columns, the first one dim. Values fold, so that long ids stay whole and can be copied."""
    table = Table(show_header=False, box=None, padding=(0, 0, 0, 2))
    table.add_column(style="dim", no_wrap=True)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    for column in table.columns[1:]:
        column.overflow = "fold"
    return table


def refusal_line(answer: Answer) -> str:
    """The refusal as the stack words it: status, code, detail, and what remains."""
    parts = [f"[bold red]✘ {answer.status} {escape(answer.text('code') or 'refused')}[/]"]
    if detail := answer.text("detail") or answer.text("message"):  # API Gateway's own refusals have a message only
        parts.append(escape(detail))
    if "attempts_left" in answer.members:
        parts.append(f"Attempts left: {answer.text('attempts_left')}.")
    if seconds := answer.headers.get("retry-after"):
        parts.append(f"Again in {span(int(seconds))}.")
    return "  ".join(parts)


def flaw_rows(answer: Answer) -> list[tuple[str, str]]:
    """Where an `invalid_request` is wrong, and what to send instead."""
    errors = answer.members.get("errors")
    if not isinstance(errors, list):
        return []
    flaws = [cast("Members", error) for error in cast("list[object]", errors) if isinstance(error, dict)]
    return [(str(flaw.get("pointer") or flaw.get("header", "")), str(flaw.get("detail", ""))) for flaw in flaws]


def span(seconds: float) -> str:
    """A length of time in words: 1 h 5 min 31 s."""
    rest, words = round(seconds), list[str]()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        if rest >= size:
            words.append(f"{rest // size} {unit}")
        rest %= size
    return " ".join(words) or "0 s"


def moment(value: object) -> datetime:
    """An API time: RFC 3339 text or seconds since 1970."""
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    return datetime.fromisoformat(str(value))


def clock_time(value: object) -> str:
    return f"{moment(value).astimezone(UTC):%H:%M:%S} UTC"
