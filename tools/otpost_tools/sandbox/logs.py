"""What the functions print, kept as CloudWatch Logs would keep it: one list, newest last, bounded."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from otpost_tools.sandbox.clock import Clock

_KEPT = 50_000


def timestamp(moment: datetime) -> str:
    """An instant as RFC 3339 in UTC, to the millisecond."""
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of one function; *request_id* is empty outside of invocations."""

    time: str
    function: str
    request_id: str
    line: str


class Logs:
    """Lines of all functions. *listener* hears every one of them (metrics are lines, too)."""

    def __init__(self, clock: Clock, listener: Callable[[str], None]) -> None:
        self._clock = clock
        self._listener = listener
        self._lines: deque[Line] = deque(maxlen=_KEPT)

    def write(self, function: str, request_id: str, text: str) -> None:
        """Keep one line of a function."""
        time = timestamp(self._clock.now())
        self._lines.append(Line(time=time, function=function, request_id=request_id, line=text))
        self._listener(text)

    def lines(self, function: str | None = None) -> list[Line]:
        """The lines kept, oldest first; of one *function* if it is named."""
        return [line for line in self._lines if function is None or line.function == function]

    def clear(self) -> None:
        """Forget them all."""
        self._lines.clear()
