"""What happened, as lines to read: a seed's whole story, the same whenever it is told again."""

import hashlib
from datetime import datetime

from otpost.challenge_id import ChallengeKey


class Trace:
    """Lines with the seconds since the beginning. Challenges are called c1, c2, … in the order of their appearance."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._names: dict[str, str] = {}
        self._lines: list[tuple[datetime, str, str]] = []

    def add(self, at: datetime, who: str, what: str) -> None:
        """Note one event."""
        self._lines.append((at, who, what))

    def named(self, key: str) -> str:
        """Return the short name of a challenge."""
        return self._names.setdefault(key, f"c{len(self._names) + 1}")

    def of_token(self, token: str) -> str:
        """Return the short name of the challenge with this id, if there is one."""
        return self._names.get(key_of(token), "nothing known") if token else ""

    def lines(self) -> list[str]:
        """Return the story."""
        return [f"{(at - self._start).total_seconds():12.3f} s  {who:<22} {what}" for at, who, what in self._lines]

    def digest(self) -> str:
        """Return a fingerprint of the story."""
        return hashlib.sha256("\n".join(self.lines()).encode()).hexdigest()


def key_of(token: str) -> ChallengeKey:
    """Return the table key of a challenge id."""
    return ChallengeKey(hashlib.sha256(token.encode()).hexdigest())
