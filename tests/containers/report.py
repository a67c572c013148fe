"""What was run, as a table while it runs, and the verdict."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Run:
    """One event at one function: what is expected of the answer and what came, in the same words."""

    way: str
    function: str
    event: str
    expected: str
    came: str = ""
    seconds: float = 0.0

    @property
    def as_expected(self) -> bool:
        return self.came == self.expected


@dataclass(slots=True)
class Report:
    """Collects runs, and prints each as it ends."""

    runs: list[Run] = field(default_factory=list[Run])

    @contextmanager
    def run(self, way: str, function: str, event: str, *, expected: str) -> Iterator[Run]:
        """Time what is done inside; it says what *came*. An exception is what came, too, and the others go on."""
        run = Run(way=way, function=function, event=event, expected=expected)
        began = time.monotonic()
        try:
            yield run
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer to this event
            run.came = f"{type(error).__name__}: {error}"
        run.seconds = time.monotonic() - began
        self.runs.append(run)
        print(line(run), flush=True)

    @property
    def is_good(self) -> bool:
        """Whether something ran, and all of it was answered as expected."""
        return bool(self.runs) and all(run.as_expected for run in self.runs)

    def verdict(self) -> str:
        """Return how it went in one line."""
        different = sum(not run.as_expected for run in self.runs)
        functions = len({run.function for run in self.runs})
        head = f"{len(self.runs)} events at {functions} functions in real containers"
        if self.is_good:
            return f"✔ {head}: all answered as expected."
        return f"✘ {head}: {different} answered differently." if self.runs else "✘ Nothing ran."


def line(run: Run) -> str:
    """Return one row: mark, way, function, event, status and code, seconds."""
    mark, came = ("✔", run.came) if run.as_expected else ("✘", f"{run.came}  expected: {run.expected}")
    return f"{mark} {run.way:<13} {run.function:<16} {run.event:<44} {run.seconds:6.2f} s  {came}"
