"""Broken ways to open challenges, count mails and keep streaks."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from otpost.challenge import Challenge
from otpost.challenge_id import ChallengeKey
from otpost.ports import Draw, Opened
from otpost.window import RateLimited
from tests.fakes.challenges import MemoryChallenges
from tests.fakes.identities import MemoryIdentities
from tests.simulation.region import Build
from tests.simulation.step import Wired, wait_for


class NoSiblings(MemoryChallenges):
    """Looks for an earlier answer under the id of this hour only."""

    def open(self, challenge: Challenge, **rest: Any) -> Opened | RateLimited:
        """Ignore the siblings."""
        return super().open(challenge, **(rest | {"siblings": frozenset()}))


class CountsFirst(Wired):
    """Takes from the windows in one step and makes the challenge in another."""

    _port: MemoryChallenges

    def open(
        self, challenge: Challenge, *, siblings: frozenset[ChallengeKey], draw: Draw, now: datetime
    ) -> Opened | RateLimited:
        """Count, then store: a crash between them has counted for nothing."""
        refused = wait_for("write", lambda: self._port.windows.take(draw, now))
        if refused is not None:
            return refused
        unlimited = replace(draw, windows=replace(draw.windows, address_interval=now - now))
        return wait_for("open", lambda: self._port.open(challenge, siblings=siblings, draw=unlimited, now=now))


class ChecksFirst(Wired):
    """Looks whether the windows have room in one step and takes from them in another."""

    _port: MemoryChallenges

    def open(
        self, challenge: Challenge, *, siblings: frozenset[ChallengeKey], draw: Draw, now: datetime
    ) -> Opened | RateLimited:
        """Check, then store whatever happened in between."""
        windows = self._port.windows
        refused = wait_for("read", lambda: next(filter(None, windows._refusals(draw, now)), None))
        if refused is not None and challenge.key not in self._port.standing:
            return refused
        roomy = replace(draw.windows, address_interval=now - now, address_hour=10, address_day=10, source_hour=10**6)
        draw = replace(draw, windows=roomy)
        return wait_for("open", lambda: self._port.open(challenge, siblings=siblings, draw=draw, now=now))


class StreakAfterwards(Wired):
    """Answers a wrong guess before it is counted."""

    _port: MemoryIdentities

    def add_failure(self, identity: str, *, attempt_id: bytes) -> None:
        """Leave it to somebody who never comes."""


class ForgetsStreak(MemoryIdentities):
    """Ends a streak whenever a success is told again."""

    def record_success(self, identity: str, *, verified_at: datetime) -> None:
        """Ignore that this success has ended it before."""
        self._verified.pop(identity, None)
        super().record_success(identity, verified_at=verified_at)


def replicated() -> Build:
    """Let every Region take every challenge, each with a copy of its own: a table that is replicated later."""
    stores: list[MemoryChallenges] = []

    class Replica(MemoryChallenges):
        """Tells the other copies of new challenges, and of nothing else in time."""

        def open(self, challenge: Challenge, **rest: Any) -> Opened | RateLimited:
            """Open here and there."""
            opened = super().open(challenge, **rest)
            for store in stores:
                store._challenges.setdefault(challenge.key, challenge)
            return opened

    def made() -> MemoryChallenges:
        stores[:] = stores[-1:]  # of this world
        stores.append(Replica())
        return stores[-1]

    return Build(challenges=made, home="eu-central-1")
