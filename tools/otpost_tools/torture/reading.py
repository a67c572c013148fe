"""Reads an adapter file: TOML into the values of `adapter`, strictly."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from otpost_tools.torture.adapter import (
    Adapter,
    Call,
    Capture,
    CodeForm,
    InboxForm,
    Json,
    Limits,
    Outcome,
    Rule,
    Source,
    Step,
)
from otpost_tools.torture.table import AdapterError, Table, compiled
from otpost_tools.torture.templates import placeholders

BUILT_IN = Path(__file__).with_name("otpost.toml")
_GIVEN = {"url", "email", "code", "run", "n", "seconds"}
_OF_MAIL = {Outcome.ISSUED, Outcome.REFUSED, Outcome.LIMITED}
_OF_GUESS = {Outcome.ACCEPTED, Outcome.WRONG, Outcome.REFUSED, Outcome.LIMITED}


def read(path: Path = BUILT_IN) -> Adapter:
    """The adapter in *path*; AdapterError says what is wrong with it, and where."""
    try:
        document = Table(tomllib.loads(path.read_text("utf-8")), "")
        adapter = _adapter(document)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AdapterError(f"{path}: {error}") from error
    except AdapterError as error:
        raise AdapterError(f"{path}: {error}") from error
    _check_placeholders(adapter, path)
    return adapter


def _adapter(document: Table) -> Adapter:
    product, issue = document.table("product"), document.table("issue")
    interval = issue.whole("interval_seconds", least=0) or 0
    replaces = issue.flag("replaces")
    adapter = Adapter(
        name=product.text("name"),
        version=product.text("version"),
        address=product.text("address", "torture-{run}-{n}@example.com"),
        limits=_limits(Table(document.members("limits"), "limits")),
        code=_code(document.table("code")),
        inbox=_inbox(Table(document.members("inbox"), "inbox")),
        issue=_step(issue, _OF_MAIL, needed={Outcome.ISSUED}),
        verify=_step(document.table("verify"), _OF_GUESS, needed={Outcome.ACCEPTED, Outcome.WRONG}),
        resend=_step(document.table("resend"), _OF_MAIL, needed={Outcome.ISSUED}) if "resend" in document else None,
        clock=_whole_call(document.table("clock")) if "clock" in document else None,
        interval_seconds=interval,
        replaces=replaces,
    )
    product.end()
    document.end()
    return adapter


def _limits(table: Table) -> Limits:
    limits = Limits(
        single_use=table.flag("single_use", default=True),
        attempts_per_code=table.whole("attempts_per_code"),
        guesses_per_address=table.whole("guesses_per_address"),
    )
    table.end()
    return limits


def _code(table: Table) -> CodeForm:
    code = CodeForm(pattern=table.pattern("pattern", groups=1), alphabet=table.text("alphabet", "0123456789"))
    if len(set(code.alphabet)) != len(code.alphabet) or len(code.alphabet) < 2:  # noqa: PLR2004 - nothing to vary
        raise AdapterError("code.alphabet: needs two or more characters, each once")
    table.end()
    return code


def _inbox(table: Table) -> InboxForm:
    newest = table.text("newest", "first")
    if newest not in {"first", "last"}:
        raise AdapterError("inbox.newest: must be first or last")
    inbox = InboxForm(
        url=table.text("url") if "url" in table else None,
        messages=table.text("messages", ""),
        text=table.text("text", "text"),
        newest_first=newest == "first",
    )
    table.end()
    return inbox


def _step(table: Table, allowed: set[Outcome], *, needed: set[Outcome]) -> Step:
    rules = tuple(_rule(one, allowed) for one in table.tables("outcome"))
    if missing := needed - {rule.outcome for rule in rules}:
        raise AdapterError(f"{table.at('outcome')}: nothing says what {min(missing)} looks like")
    step = Step(
        call=_call(table, method="POST"),
        before=tuple(_whole_call(one, method="GET") for one in table.tables("before")),
        rules=rules,
        idempotency_header=table.text("idempotency_header") if "idempotency_header" in table else None,
    )
    table.end()
    return step


def _whole_call(table: Table, *, method: str = "POST") -> Call:
    call = _call(table, method=method)
    table.end()
    return call


def _call(table: Table, *, method: str) -> Call:
    if "json" in table and "form" in table:
        raise AdapterError(f"{table.path}: has both json and form")
    path = table.text("path")
    if not path.startswith("/"):
        raise AdapterError(f"{table.at('path')}: must begin with /")
    return Call(
        method=table.text("method", method),
        path=path,
        headers=table.texts("headers"),
        json=cast("Json", dict(table.members("json"))) if "json" in table else None,
        form=table.texts("form") if "form" in table else None,
        capture={name: _capture(value, f"{table.at('capture')}.{name}") for name, value in _captures(table)},
    )


def _captures(table: Table) -> Iterator[tuple[str, object]]:
    yield from table.members("capture").items()


def _capture(value: object, path: str) -> Capture:
    table = Table(value, path)
    sources = [source for source in Source if source in table]
    if len(sources) != 1:
        raise AdapterError(f"{path}: needs one of {', '.join(Source)}")
    what = table.text(sources[0])
    if sources[0] is Source.BODY:
        compiled(what, table.at(sources[0]), groups=1)
    table.end()
    return Capture(source=sources[0], what=what)


def _rule(table: Table, allowed: set[Outcome]) -> Rule:
    name = table.text("is")
    if name not in allowed:
        raise AdapterError(f"{table.at('is')}: must be one of {', '.join(sorted(allowed))}")
    headers = {name: compiled(text, f"{table.at('headers')}.{name}") for name, text in table.texts("headers").items()}
    rule = Rule(
        outcome=Outcome(name),
        statuses=_statuses(table),
        json=cast("dict[str, Json]", dict(table.members("json"))),
        headers=headers,
        body=table.pattern("body") if "body" in table else None,
    )
    table.end()
    if not (rule.statuses or rule.json or rule.headers or rule.body):
        raise AdapterError(f"{table.path}: fits every answer; give status, json, headers or body")
    return rule


def _statuses(table: Table) -> frozenset[int]:
    value = table.get("status")
    listed = cast("list[object]", value) if isinstance(value, list) else [] if value is None else [value]
    if any(type(one) is not int for one in listed):
        raise AdapterError(f"{table.at('status')}: must be a number or a list of numbers")
    return frozenset(cast("list[int]", listed))


def _check_placeholders(adapter: Adapter, path: Path) -> None:
    steps = [step for step in (adapter.issue, adapter.verify, adapter.resend) if step is not None]
    calls = [call for step in steps for call in (*step.before, step.call)] + ([adapter.clock] if adapter.clock else [])
    known = _GIVEN | {name for call in calls for name in call.capture}
    used = (placeholders([call.path, dict(call.headers), call.json, dict(call.form or {})]) for call in calls)
    for name in (name for names in used for name in names):
        if name not in known:
            raise AdapterError(f"{path}: {{{name}}} is used but nothing captures it")
