"""docs/fault-table.md, written from the table: `python -m tests.faults.page`."""

from collections.abc import Iterator, Mapping
from pathlib import Path as File

import time_machine

from tests.backends.account import open_account
from tests.faults.acts import Act
from tests.faults.enumerating import calls
from tests.faults.kept import told
from tests.faults.patience import longest
from tests.faults.rows import Path, Row, Then
from tests.faults.scene import Scene
from tests.faults.table import TABLE
from tests.faults.ways import WAYS, Kind
from tests.functional.events import NOW
from tests.functional.stack import Stack
from tests.template.stacks import built, written

PAGE = File(__file__).parents[2] / "docs" / "fault-table.md"

_ACTS = {
    Act.PSEUDONYM_KEY: "get the key of pseudonyms",
    Act.HOUR_KEY: "get the hour key",
    Act.SIGN: "sign the receipt",
    Act.PUBLIC_KEY: "get the public key",
    Act.READ_STREAK: "read the failure streak",
    Act.FIND: "find the challenge",
    Act.OPEN: "open the challenge within every limit",
    Act.ASK_AGAIN: "ask for one more mail within every limit",
    Act.SPEND: "spend the attempt",
    Act.SPEND_AND_CONSUME: "spend the attempt, consume",
    Act.CANCEL: "cancel",
    Act.LEASE: "lease the mail",
    Act.GIVE_BACK: "give the lease back",
    Act.RECORD: "record the mail",
    Act.COUNT_FAILURE: "count the failure on the streak",
    Act.END_STREAK: "end the streak",
    Act.QUEUE: "queue the id",
    Act.MAIL: "hand the mail to SES",
}
_FAILS = {Kind.UNMET: "no answer, not done", Kind.REFUSED: "refused", Kind.LOST: "done, answer lost"}
_INTRODUCTION = """\
# Fault table

What a caller sees, what is kept and what completes it when one call to AWS fails. Generated from the table that
`tests/faults` plays through the handlers; `python -m tests.faults.page` writes it anew.

In every cell: nothing is accepted unless the code was right, its write was applied and the receipt is signed; a code
is never accepted twice; no answer says right or wrong unless the attempt is counted, a wrong one on the streak too; no
mail is handed to SES that the limits and a lease do not count; a failure says nothing but that it is one.

`503` is `unavailable` with `Retry-After: 5`; of a queue message, `again` means that it stays in the queue for 90 s and
`done` that it is gone. **Kept** is what the failed request leaves behind. **Later** is what the same request gets once
the fault is over (with the same Idempotency-Key, if it had one), all mail delivered; what both leave behind is named
if it is not just what the request alone would have left.

## The ways of failing

A call is tried twice, a mail once, so that most faults that strike once go unnoticed; a transaction in conflict is
tried four times.

"""
_NOTES = """\
## What to know

- Send an `Idempotency-Key` with issue and verify. Without one a lost answer costs a mail of the limits, an attempt,
  or, if the guess was right, the success: the claimant must ask for a new challenge.
- A resend needs no key: after a 503 its mail may be owed already, and the next resend brings one mail for both.
- A wrong guess whose streak could not be written is answered 503 and not 401. It is spent on its challenge; the streak
  learns of it when the same request comes again. While IdentityTable takes no writes, a guesser who never repeats is
  bounded by attempts and mail limits alone; when it cannot be read either, nothing is issued.
- A mail is handed over twice at the most. If the answers of two leases are lost, or SES is silent twice, it is given
  up, and the claimant's resend brings it.
- An answer `{}` of a read or a transaction is well-formed (no such item; done). A proxy that made one up would not be
  noticed.

"""
_TIME = """\
## How long it can take

No try begins that could not end before the function does (a second is kept for the answer; a mail also waits for its
record), so a function answers itself, whatever hangs. *Alone* is what the calls of a request could take by their own
patience: connecting 1 s, reading 3 s, for each try, with the longest pauses. These are timeouts of single waits: a peer
that sends one byte every other second is bounded by Lambda alone.

| request | calls | alone, s | function ends after, s |
|---|---|---|---|
"""


def render(made: Mapping[str, list[Act]]) -> str:
    """Return the page; *made* are the calls of each path."""
    parts = [_INTRODUCTION, "| the call | how it fails |\n|---|---|\n", *_ways(), "\n"]
    for path in TABLE:
        if path.rows:
            parts += [f"## {_heading(path)}\n\n", "| call | fails | answer | kept | later |\n|---|---|---|---|---|\n"]
            parts += [line for row in path.rows for line in _row(path, row)]
            parts.append("\n")
    return "".join([*parts, _NOTES, _TIME, *_times(made)])


def _heading(path: Path) -> str:
    return path.title if path.title.startswith("GET") else path.title[0].upper() + path.title[1:]


def _ways() -> Iterator[str]:
    for kind in Kind:
        yield f"| {_FAILS[kind]} | {', '.join(way.name for way in WAYS if way.kind is kind)} |\n"


def _row(path: Path, row: Row) -> Iterator[str]:
    """Write one line for each outcome; kinds that lead to the same share it."""
    kinds = [kind for kind in Kind if kind is not Kind.LOST or row.act.is_write]
    outcomes: dict[Then, list[Kind]] = {}
    for kind in kinds:
        outcomes.setdefault(row.then(kind), []).append(kind)
    for then, alike in outcomes.items():
        fails = "any way" if len(alike) == len(kinds) else "; or ".join(_FAILS[kind] for kind in alike)
        cells = (f"`{row.act.call}`: {_ACTS[row.act]}", fails, then.answer or path.unavailable, told(then.kept))
        yield f"| {' | '.join((*cells, _later(path, then)))} |\n"


def _later(path: Path, then: Then) -> str:
    said = then.later or path.answer
    return said if then.in_all is None else f"{said}; {told(then.in_all)}"


def _times(made: Mapping[str, list[Act]]) -> Iterator[str]:
    template = built(written())
    for path in TABLE:
        if path.rows:
            acts = made[path.title]
            ends = template.properties(f"{path.function.capitalize()}Function")["Timeout"]
            yield f"| {path.title} | {len(acts)} | {longest(acts):.1f} | {ends} |\n"


def main() -> None:
    """Write the page."""
    with open_account() as account, time_machine.travel(NOW, tick=False) as clock:
        scene = Scene(account=account, warm=Stack(account), clock=clock)
        PAGE.write_text(render({path.title: calls(path, scene)[1] for path in TABLE}), encoding="utf-8")


if __name__ == "__main__":
    main()
