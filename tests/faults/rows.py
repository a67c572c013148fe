"""What the fault table is made of: paths of requests, and what a failing call of each leads to."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.acts import Act
from tests.faults.kept import NOTHING, Kept
from tests.faults.scene import Request, Scene
from tests.faults.ways import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """What one kind of fault leads to.

    *answer* is given at once, None for "not available"; *kept* is what the request leaves behind; *later* is what the
    same request is answered once the fault is over, and *in_all* what both together leave behind when all mail is
    delivered, None for what the request without a fault gets and leaves. A request that succeeds in spite of the fault
    is sent again only if *later* is given.
    """

    answer: str | None = None
    kept: Kept = NOTHING
    later: str | None = None
    in_all: Kept | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One call of a path. What is not given is as *unmet*: nothing is left behind and the same request completes it."""

    act: Act
    unmet: Then = Then()
    refused: Then | None = None
    lost: Then | None = None

    def then(self, kind: Kind) -> Then:
        """Return what a fault of *kind* leads to."""
        return {Kind.UNMET: self.unmet, Kind.REFUSED: self.refused, Kind.LOST: self.lost}[kind] or self.unmet


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One way through a handler: *arrange* sets the scene and returns the request; the rest is without a fault.

    *wait* is how many seconds pass before the same request comes again. *briefly*: one fault of each kind is enough,
    since the calls are those of another path.
    """

    function: str
    title: str
    arrange: Callable[[Scene], Request]
    answer: str
    in_all: Kept = NOTHING
    rows: tuple[Row, ...] = ()
    wait: float = 5
    briefly: bool = False

    @property
    def unavailable(self) -> str:
        """Return how this function says that something did not answer."""
        return "again" if self.function == "deliver" else "503 unavailable"

    @property
    def acts(self) -> set[Act]:
        """Return the calls that the rows are about."""
        return {row.act for row in self.rows}
