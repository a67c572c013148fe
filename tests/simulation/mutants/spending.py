"""Broken ways to spend attempts."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from otpost.challenge import Challenge, Verdict
from otpost.challenge_id import ChallengeKey
from otpost.ports import Draw, Spent
from otpost.window import RateLimited
from tests.fakes.challenges import MemoryChallenges
from tests.simulation.step import Wired, wait_for


class ReadCompareWrite(Wired):
    """Reads the challenge, judges the guess, writes what came of it: the textbook race."""

    _port: MemoryChallenges

    def spend_attempt(
        self, key: ChallengeKey, *, attempt_id: bytes, correct: bool, purpose: str, transaction_hash: str, now: datetime
    ) -> Spent:
        """Judge by what was read, which may be old when it is written."""
        found = wait_for("read", lambda: self._port.standing.get(key), key)
        if found is None:
            return Spent(verdict=Verdict.UNKNOWN, challenge=None)
        why = found.refusal(attempt_id=attempt_id, purpose=purpose, transaction_hash=transaction_hash, now=now)
        if why is not None:
            return Spent(verdict=why, challenge=found)
        spent = replace(found, tries=found.tries | {attempt_id})
        if correct:
            spent = replace(spent, consumed_by=attempt_id, consumed_at=found.consumed_at or now)
        wait_for("write", lambda: self._port._challenges.update({key: spent}), key)
        return Spent(verdict=Verdict.ACCEPTED if correct else Verdict.WRONG_CODE, challenge=spent)


class NumberInsteadOfSet(MemoryChallenges):
    """Counts requests, not attempts: a repeat of one attempt costs another."""

    def spend_attempt(self, key: ChallengeKey, *, attempt_id: bytes, **rest: Any) -> Spent:
        """Give every request a name of its own, except to one's own success."""
        found = self.standing.get(key)
        again = found is not None and found.consumed_by == attempt_id
        return super().spend_attempt(key, attempt_id=attempt_id if again else secrets.token_bytes(16), **rest)


class StrictConsume(MemoryChallenges):
    """Takes a success that is asked again for a second use."""

    def spend_attempt(self, key: ChallengeKey, **rest: Any) -> Spent:
        """Refuse whatever was consumed."""
        found = self.standing.get(key)
        if found is not None and found.consumed_by is not None:
            return Spent(verdict=Verdict.CONSUMED, challenge=found)
        return super().spend_attempt(key, **rest)


class ResendRenewsAttempts(MemoryChallenges):
    """Gives new attempts with a new mail."""

    def ask_again(self, renewed: Challenge, *, draw: Draw, now: datetime) -> Verdict | RateLimited | None:
        """Forget the attempts so far."""
        refused = super().ask_again(renewed, draw=draw, now=now)
        if refused is None:
            self._challenges[renewed.key] = replace(self._challenges[renewed.key], tries=frozenset())
        return refused


class AcceptsExpired(MemoryChallenges):
    """Leaves expiry to the table's TTL."""

    def spend_attempt(self, key: ChallengeKey, *, now: datetime, **rest: Any) -> Spent:
        """Judge as if it lived for ever."""
        found = self.standing.get(key)
        if found is not None:
            self._challenges[key] = replace(found, expires_at=now + timedelta(days=1))
        spent = super().spend_attempt(key, now=now, **rest)
        if found is not None and self.standing[key].tries != found.tries:
            self._challenges[key] = replace(self.standing[key], expires_at=found.expires_at)
        elif found is not None:
            self._challenges[key] = found
        return spent


class CancelsConsumed(MemoryChallenges):
    """Cancels without a condition."""

    def cancel(self, key: ChallengeKey, *, now: datetime) -> Verdict:
        """Cancel whatever there is."""
        if key not in self._challenges:
            return Verdict.UNKNOWN
        self._challenges[key] = replace(self._challenges[key], cancelled_at=now)
        return Verdict.CANCELLED
