"""Broken ways to build the stack, each a mistake that has been made somewhere: the simulator must find every one."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from otpost.challenge import Challenge, Verdict
from otpost.challenge_id import ChallengeKey
from otpost.errors import Unavailable
from otpost.ports import Draw, NoMail, Opened, Outbox, Spent
from otpost.window import RateLimited
from tests.fakes.challenges import MemoryChallenges
from tests.fakes.identities import MemoryIdentities
from tests.simulation.laws.knowledge import Knowledge
from tests.simulation.laws.law import Law
from tests.simulation.laws.limits import Limits
from tests.simulation.laws.mails import Mails
from tests.simulation.laws.promises import Promises
from tests.simulation.laws.repeats import Repeats
from tests.simulation.laws.spending import Spending
from tests.simulation.laws.streaks import Streaks
from tests.simulation.region import Build
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


class SendsWithoutEnd(MemoryChallenges):
    """Tries until the transport answers."""

    def lease_mail(self, key: ChallengeKey, **rest: Any) -> Challenge | NoMail:
        """Forget the handings over so far."""
        self._sends[key] = frozenset()
        return super().lease_mail(key, **rest)


class LeasesWhatIsOver(MemoryChallenges):
    """Sends what is owed, whether or not anybody can use it."""

    def lease_mail(self, key: ChallengeKey, *, lease_id: bytes, until: datetime, now: datetime) -> Challenge | NoMail:
        """Do not ask whether the challenge is over."""
        found = self.standing.get(key)
        if found is not None and found.mail_owed and found.over(now) is not None:
            self._leases[key] = (lease_id, until)
            return found
        return super().lease_mail(key, lease_id=lease_id, until=until, now=now)


class RecordsAllAsked(MemoryChallenges):
    """Takes one mail for all that were asked for by the time it is recorded."""

    def record_sent(self, key: ChallengeKey, *, mails: int) -> None:  # noqa: ARG002
        """Record what is asked now, not what was asked at the lease."""
        super().record_sent(key, mails=self.standing[key].mails_asked)


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


class HopesForMail(Wired):
    """Answers 202 whether or not the queue took the message."""

    _port: Outbox

    def put(self, token: str) -> None:
        """Swallow the error."""
        try:
            wait_for("put", lambda: self._port.put(token), token)
        except Unavailable:
            return


def _replicated() -> Build:
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


@dataclass(frozen=True, slots=True)
class Mutant:
    """A broken build, and the law by which alone it must be found out."""

    build: Callable[[], Build]
    law: type[Law]


MUTANTS: Mapping[str, Mutant] = {
    "read, compare, write": Mutant(lambda: Build(wired_challenges=ReadCompareWrite), Spending),
    "a number instead of the set": Mutant(lambda: Build(challenges=NumberInsteadOfSet), Spending),
    "strict consume": Mutant(lambda: Build(challenges=StrictConsume), Spending),
    "a resend renews attempts": Mutant(lambda: Build(challenges=ResendRenewsAttempts), Spending),
    "expiry left to TTL": Mutant(lambda: Build(challenges=AcceptsExpired), Spending),
    "cancel without a condition": Mutant(lambda: Build(challenges=CancelsConsumed), Knowledge),
    "sends without end": Mutant(lambda: Build(challenges=SendsWithoutEnd), Mails),
    "leases what is over": Mutant(lambda: Build(challenges=LeasesWhatIsOver), Mails),
    "one mail recorded for all": Mutant(lambda: Build(challenges=RecordsAllAsked), Mails),
    "no sibling check": Mutant(lambda: Build(challenges=NoSiblings), Repeats),
    "windows counted first": Mutant(lambda: Build(wired_challenges=CountsFirst), Limits),
    "windows checked first": Mutant(lambda: Build(wired_challenges=ChecksFirst), Limits),
    "streak after the answer": Mutant(lambda: Build(wired_identities=StreakAfterwards), Streaks),
    "a repeat ends the streak": Mutant(lambda: Build(identities=ForgetsStreak), Streaks),
    "the queue is not waited for": Mutant(lambda: Build(wired_outbox=HopesForMail), Promises),
    "replicas instead of pinning": Mutant(_replicated, Spending),
}
