"""Counts what was sent and what was answered, and says which documented answers never came."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.promises import documented

type Row = tuple[str, int, str]

# 503 needs a broken dependency (tests/functional/test_broken_world.py has them all); 403 an unsigned request in backend
# mode.
_OUT_OF_REACH = {503}
_REFUSALS = {
    ("POST /v1/challenges", 429): {"address_interval", "address_hour", "address_day"},
    ("POST /v1/challenges/resend", 429): {"address_interval", "address_hour"},
    ("POST /v1/challenges/resend", 410): {
        "challenge_consumed",
        "challenge_cancelled",
        "challenge_exhausted",
        "challenge_expired",
    },
    ("POST /v1/challenges/verify", 410): {
        "challenge_consumed",
        "challenge_cancelled",
        "challenge_exhausted",
        "challenge_expired",
    },
}


@dataclass(slots=True)
class Tally:
    """Every request of a run, by route, status and code (of a 429: the limit)."""

    rows: Counter[Row] = field(default_factory=Counter)

    @property
    def requests(self) -> int:
        """Return how many requests were sent."""
        return self.rows.total()

    def add(self, route: str, status: int, body: bytes) -> None:
        """Count one answer."""
        self.rows[route, status, _word(body)] += 1

    def missing(self) -> list[str]:
        """Return what is documented and never came."""
        seen = {(route, status) for route, status, _ in self.rows}
        wanted = {(route, status) for route, statuses in documented().items() for status in statuses - _OUT_OF_REACH}
        words = {(route, status, word) for (route, status), each in _REFUSALS.items() for word in each}
        return sorted(f"{route} {status}" for route, status in wanted - seen) + sorted(
            f"{route} {status} {word}" for route, status, word in words - set(self.rows)
        )

    def table(self) -> str:
        """Return the distribution, one line for each kind of answer."""
        return "\n".join(
            f"{count:7,}  {status}  {route}  {word}" for (route, status, word), count in sorted(self.rows.items())
        )

    def save(self, path: Path) -> None:
        """Write it, for the process that asked for the run."""
        path.write_text(json.dumps([[*row, count] for row, count in self.rows.items()]), encoding="utf-8")

    @classmethod
    def load(cls, paths: Iterable[Path]) -> "Tally":
        """Read several and add them up."""
        found = cls()
        for path in paths:
            for route, status, word, count in json.loads(path.read_text(encoding="utf-8")):
                found.rows[route, status, word] += count
        return found


def _word(body: bytes) -> str:
    try:
        members = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(members, dict):
        return ""
    return str(members.get("limit") or members.get("code") or members.get("verdict") or "")
