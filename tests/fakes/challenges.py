"""A ChallengeStore in memory. tests/contract holds it to the same promises as the real one."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from threading import Lock

from otpost.challenge import Challenge, Delivery, Verdict
from otpost.challenge_id import ChallengeKey
from otpost.ports import SENDS_PER_MAIL, Draw, NoMail, Opened, Spent
from otpost.window import RateLimited
from tests.fakes.line import Line
from tests.fakes.windows import MemoryWindows


class MemoryChallenges:
    """Challenges, leases and windows under one lock."""

    def __init__(self) -> None:
        self.line = Line()
        self._lock = Lock()
        self._challenges: dict[ChallengeKey, Challenge] = {}
        self._leases: dict[ChallengeKey, tuple[bytes, datetime]] = {}
        self._sends: dict[ChallengeKey, frozenset[bytes]] = {}
        self._windows = MemoryWindows()

    def state(self) -> object:
        """Return all that is stored, to compare before and after."""
        with self._lock:
            return deepcopy((self._challenges, self._leases, self._sends, self._windows))

    def all(self) -> list[Challenge]:
        """Return every challenge, oldest first."""
        with self._lock:
            return list(self._challenges.values())

    @property
    def standing(self) -> Mapping[ChallengeKey, Challenge]:
        """Return every challenge as it stands: a view, not a copy, for whoever watches after each step."""
        return self._challenges

    @property
    def leases(self) -> Mapping[ChallengeKey, tuple[bytes, datetime]]:
        """Return who may send the mail of a challenge, and until when: a view."""
        return self._leases

    @property
    def sends(self) -> Mapping[ChallengeKey, frozenset[bytes]]:
        """Return the leases that count as handings over: a view."""
        return self._sends

    @property
    def windows(self) -> MemoryWindows:
        """Return what was taken from the windows: a view."""
        return self._windows

    def open(
        self, challenge: Challenge, *, siblings: frozenset[ChallengeKey], draw: Draw, now: datetime
    ) -> Opened | RateLimited:
        """See ChallengeStore."""
        with self._step("open"):
            for key in (*sorted(siblings), challenge.key):
                if key in self._challenges:
                    return Opened(challenge=self._challenges[key], repeated=True)
            refused = self._windows.take(draw, now)
            if refused is not None:
                return refused
            self._challenges[challenge.key] = challenge
            return Opened(challenge=challenge, repeated=False)

    def ask_again(self, renewed: Challenge, *, draw: Draw, now: datetime) -> Verdict | RateLimited | None:
        """See ChallengeStore."""
        with self._step("ask_again"):
            found = self._challenges.get(renewed.key)
            over = found.over(now) if found else Verdict.UNKNOWN
            refused = over or self._windows.take(draw, now)
            if found is None or refused is not None:
                return refused
            self._challenges[renewed.key] = replace(
                found,
                expires_at=renewed.expires_at,
                resend_at=renewed.resend_at,
                mails_asked=found.mails_asked + 1,
                delivery=Delivery.QUEUED,
            )
            return None

    def spend_attempt(
        self, key: ChallengeKey, *, attempt_id: bytes, correct: bool, purpose: str, transaction_hash: str, now: datetime
    ) -> Spent:
        """See ChallengeStore."""
        with self._step("spend_attempt"):
            found = self._challenges.get(key)
            if found is None:
                return Spent(verdict=Verdict.UNKNOWN, challenge=None)
            why = found.refusal(attempt_id=attempt_id, purpose=purpose, transaction_hash=transaction_hash, now=now)
            if why is not None:
                return Spent(verdict=why, challenge=found)
            spent = replace(found, tries=found.tries | {attempt_id})
            if correct:
                spent = replace(spent, consumed_by=attempt_id, consumed_at=found.consumed_at or now)
            self._challenges[key] = spent
            return Spent(verdict=Verdict.ACCEPTED if correct else Verdict.WRONG_CODE, challenge=spent)

    def cancel(self, key: ChallengeKey, *, now: datetime) -> Verdict:
        """See ChallengeStore."""
        with self._step("cancel"):
            found = self._challenges.get(key)
            if found is None:
                return Verdict.UNKNOWN
            if found.consumed_by is not None:
                return Verdict.CONSUMED
            self._challenges[key] = replace(found, cancelled_at=found.cancelled_at or now)
            return Verdict.CANCELLED

    def find(self, key: ChallengeKey) -> Challenge | None:
        """See ChallengeStore."""
        with self._step("find"):
            return self._challenges.get(key)

    def lease_mail(self, key: ChallengeKey, *, lease_id: bytes, until: datetime, now: datetime) -> Challenge | NoMail:
        """See ChallengeStore."""
        with self._step("lease_mail"):
            found = self._challenges.get(key)
            if found is None or not found.mail_owed or found.over(now) is not None:
                return NoMail.NOTHING_TO_DO
            sends = self._sends.get(key, frozenset())
            holder, end = self._leases.get(key, (b"", now))
            if holder != lease_id:
                if end > now:
                    return NoMail.HELD
                if len(sends) >= SENDS_PER_MAIL * found.mails_asked:
                    return NoMail.GIVEN_UP
            self._leases[key] = (lease_id, until)
            self._sends[key] = sends | {lease_id}
            return found

    def give_back(self, key: ChallengeKey, *, lease_id: bytes) -> None:
        """See ChallengeStore."""
        with self._step("give_back"):
            if self._leases.get(key, (b"", None))[0] == lease_id:
                del self._leases[key]
                self._sends[key] -= {lease_id}

    def record_sent(self, key: ChallengeKey, *, mails: int) -> None:
        """See ChallengeStore."""
        with self._step("record_sent"):
            self._record(key, mails, Delivery.SENT)

    def record_undeliverable(self, key: ChallengeKey, *, mails: int) -> None:
        """See ChallengeStore."""
        with self._step("record_undeliverable"):
            self._record(key, mails, Delivery.FAILED)

    def _record(self, key: ChallengeKey, mails: int, delivery: Delivery) -> None:
        found = self._challenges.get(key)
        if found is not None and found.mails_sent < mails:
            self._challenges[key] = replace(found, mails_sent=mails, delivery=delivery)
            self._leases.pop(key, None)

    @contextmanager
    def _step(self, name: str) -> Generator[None]:
        with self.line.step(name), self._lock:
            yield
