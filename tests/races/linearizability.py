"""Whether a concurrent history could have been sequential: the search of Wing and Gong, with Lowe's memory.

Each operation took effect at one instant between its call and its answer, or it did not happen as recorded. An
operation without an answer took effect at any time after its call, or never.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

type Steps = Callable[[Any, Any], Iterable[tuple[Hashable, object]]]
"""The specification: from a state and a call every state and answer that may follow, usually one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What *client* did, by one clock: *called* and *returned* in its units; *returned* None if no answer came."""

    client: str
    call: Any
    called: int
    answer: object = None
    returned: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """*order* is a sequential order that explains the history, or the longest that explains a part of it."""

    is_linearizable: bool
    order: tuple[Operation, ...]


def check(history: Sequence[Operation], initial: Hashable, steps: Steps) -> Result:
    """Search depth first for an order; remember each (operations done, state) that led nowhere."""
    wanted = sum(1 << at for at, operation in enumerate(history) if operation.returned is not None)
    seen: set[tuple[int, Hashable]] = set()
    longest: tuple[int, ...] = ()
    stack: list[tuple[int, Hashable, tuple[int, ...]]] = [(0, initial, ())]
    while stack:
        done, state, order = stack.pop()
        if done & wanted == wanted:
            return Result(is_linearizable=True, order=_named(history, order))
        if (done, state) in seen:
            continue
        seen.add((done, state))
        longest = max(longest, order, key=len)
        for at in _next(history, done):
            stack += [(done | 1 << at, after, (*order, at)) for after in _outcomes(history[at], state, steps)]
    return Result(is_linearizable=False, order=_named(history, longest))


def overlaps(history: Sequence[Operation]) -> int:
    """Return how many pairs of operations were under way at one time."""
    return sum(
        one.called < (other.returned or other.called + 1) and other.called < (one.returned or one.called + 1)
        for at, one in enumerate(history)
        for other in history[:at]
        if one.client != other.client
    )


def _next(history: Sequence[Operation], done: int) -> list[int]:
    """Return the operations that may come next: none that was called after another of the rest had its answer."""
    rest = [at for at in range(len(history)) if not done >> at & 1]
    first = min((returned for at in rest if (returned := history[at].returned) is not None), default=None)
    return [at for at in rest if first is None or history[at].called <= first]


def _outcomes(operation: Operation, state: Hashable, steps: Steps) -> Iterable[Hashable]:
    return [
        after
        for after, answer in steps(state, operation.call)
        if operation.returned is None or answer == operation.answer
    ]


def _named(history: Sequence[Operation], order: tuple[int, ...]) -> tuple[Operation, ...]:
    return tuple(history[at] for at in order)
