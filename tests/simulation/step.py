"""One call of a port: the points between which everything else may happen, and what can become of such a call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import greenlet


class Fate(StrEnum):
    """What becomes of one call to a dependency."""

    DONE = "done"
    REQUEST_LOST = "request lost"
    """It never happens; the caller hears nothing."""
    ANSWER_LOST = "answer lost"
    """It happens; the caller hears nothing."""
    TWICE = "done twice"
    """The first answer is lost, the SDK's own retry is answered."""
    ECHOED = "done, and again later"
    """The SDK's retry is answered, and overtakes the first try."""
    LATE = "late"
    """The caller hears nothing and goes on; it happens afterwards."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A call that waits to be made: `take` makes it."""

    name: str
    take: Callable[[], object]
    subject: object = None
    """What it is about: its first argument."""
    named: Mapping[str, Any] = field(default_factory=dict)
    """Its named arguments."""


_READS = frozenset({"find", "failures", "hour_key", "key", "sign", "read"})
_TOKENED = frozenset({"open", "ask_again"})
"""Transactions: a retry brings the same ClientRequestToken, so DynamoDB does nothing twice."""

_NEVER_RETRIED = frozenset({"send"})
"""SES has no token; its client tries once."""


def fates(step: Step) -> tuple[Fate, ...]:
    """Return what can go wrong with *step*, besides the death of its caller."""
    if step.name in _READS:
        return (Fate.REQUEST_LOST,)
    if step.name in _TOKENED | _NEVER_RETRIED:
        return (Fate.REQUEST_LOST, Fate.ANSWER_LOST, Fate.LATE)
    return (Fate.REQUEST_LOST, Fate.ANSWER_LOST, Fate.TWICE, Fate.ECHOED, Fate.LATE)


def wait_for[T](name: str, take: Callable[[], T], subject: object = None, **named: Any) -> T:
    """Hand a step to whoever runs this invocation; return its answer, or raise what it raises here."""
    answer: T = greenlet.getcurrent().parent.switch(Step(name, take, subject, named))
    return answer


class Wired:
    """A port whose every call is a step. What is no call, such as a key's id, is read directly."""

    def __init__(self, port: object) -> None:
        self._port = port

    def __getattr__(self, name: str) -> Any:
        """Return the port's own attribute, a method as one that waits."""
        found = getattr(self._port, name)
        if not callable(found):
            return found

        def waiting(*positional: Any, **named: Any) -> Any:
            return wait_for(name, lambda: found(*positional, **named), next(iter(positional), None), **named)

        return waiting
