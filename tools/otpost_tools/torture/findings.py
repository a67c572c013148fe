"""What the kit found: for each property what was measured, what was promised, and whether that held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Property(StrEnum):
    """The properties, in the order in which they are told."""

    WINNERS = "winners per code, right guesses in parallel"
    EVALUATED = "guesses looked at, wrong guesses in parallel"
    AFTER_LIMIT = "the right code after the limit"
    REUSE = "the code again, after its success"
    RESENT = "old and new code, after a resend and a success"
    RESTARTED = "the code again, after a restart"
    ADDRESS = "guesses looked at, many codes of one address"
    LOST_RIGHT = "right guess, answer lost, repeated"
    LOST_WRONG = "wrong guess, answer lost, repeated"


class Verdict(StrEnum):
    """NO_PROMISE: measured, but the product declares nothing to hold it against."""

    HELD = "held"
    VIOLATED = "VIOLATED"
    NO_PROMISE = "no promise"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One row. *counts* holds the figures behind *measured*; *failed* says that a measurement was tried in vain."""

    property: Property
    verdict: Verdict
    measured: str
    promised: str = ""
    counts: Mapping[str, int | float | list[int]] = field(default_factory=dict[str, "int | float | list[int]"])
    failed: bool = False

    def members(self) -> dict[str, object]:
        """The row as JSON."""
        return {
            "property": self.property.name.lower(),
            "title": self.property.value,
            "measured": self.measured,
            "promised": self.promised,
            "verdict": self.verdict.value,
            "counts": dict(self.counts),
        }


def not_measured(measured: Property, reason: str, *, failed: bool) -> Finding:
    """A row without a measurement."""
    return Finding(property=measured, verdict=Verdict.NOT_MEASURED, measured=reason, failed=failed)


def spread(counts: Sequence[int]) -> str:
    """The least and the most of *counts* in words."""
    least, most = min(counts), max(counts)
    return str(least) if least == most else f"{least} to {most}"


def verdict_of(*, held: bool, promised: bool = True) -> Verdict:
    """HELD or VIOLATED; NO_PROMISE if nothing was promised."""
    if not promised:
        return Verdict.NO_PROMISE
    return Verdict.HELD if held else Verdict.VIOLATED
