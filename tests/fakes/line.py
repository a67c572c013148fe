"""The way to a fake, which can be cut: what makes a dependency that does not answer."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from otpost.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Line:
    """Steps named in *cut* do not happen; those named in *lossy* happen, but nobody hears of it."""

    cut: set[str] = field(default_factory=set)
    lossy: set[str] = field(default_factory=set)

    @contextmanager
    def step(self, name: str) -> Generator[None]:
        """Take the step called *name*, or raise Unavailable before or after it."""
        if name in self.cut:
            raise Unavailable("The line is cut.")
        yield
        if name in self.lossy:
            raise Unavailable("The answer was lost.")
