"""A history for people: who asked what and heard what, when, and how far a sequential order gets."""

from collections.abc import Sequence

from tests.races.linearizability import Operation, Result
from tests.races.model import Call


def report(seed: int, history: Sequence[Operation], result: Result) -> str:
    """Return the history of the program of *seed*, in order of the calls, and the longest order that explains some."""
    begin = min(operation.called for operation in history)
    explained = {id(operation): at for at, operation in enumerate(result.order, 1)}
    lines = [
        f"No sequential order explains this history. The program again: tests.races.programs.program({seed}).",
        "order  microseconds     who",
    ]
    for operation in history:
        end = "" if operation.returned is None else f"{(operation.returned - begin) // 1000}"
        when = f"{(operation.called - begin) // 1000}–{end}"
        place = explained.get(id(operation), "")
        answer = "(no answer)" if operation.returned is None else operation.answer
        lines.append(f"{place!s:>5}  {when:<15}  {operation.client}: {_said(operation.call)} → {answer}")
    lines.append("Operations without a number are those that no order of the others leads to.")
    return "\n".join(lines)


def _said(call: Call) -> str:
    guess = f" {call.attempt!r}" if call.attempt else ""
    return f"{call.act} {call.name}{guess} at {call.now / 1000:g} s"
