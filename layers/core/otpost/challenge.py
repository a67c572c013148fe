"""A challenge, its states, and the order in which a challenge refuses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from otpost.challenge_id import ChallengeKey, reference_of

REPEAT_WINDOW = timedelta(seconds=300)
"""How long a successful attempt may ask for its own success again; as long as the receipt lives."""


class Verdict(StrEnum):
    """What became of an attempt. Only `accepted` proves anything; all but the first two spend nothing."""

    ACCEPTED = "accepted"
    WRONG_CODE = "wrong_code"
    UNKNOWN = "unknown"
    CONSUMED = "consumed"
    CANCELLED = "cancelled"
    EXHAUSTED = "exhausted"
    EXPIRED = "expired"


class Delivery(StrEnum):
    """How far the newest mail of a challenge has come."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    BOUNCED = "bounced"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """One request to prove control of one address.

    It is over from the instant *expires_at*, which a resend moves by *life* but never beyond *latest*. *window* and
    *identity* are pseudonyms. A challenge holds no code.
    """

    key: ChallengeKey
    email: str = field(repr=False)
    identity: str
    window: str
    purpose: str
    transaction: Mapping[str, str] | None = field(repr=False)
    transaction_hash: str
    nonce: str | None = field(repr=False)
    locale: str | None
    code_length: int
    attempts_allowed: int
    issued_at: datetime
    life: timedelta
    expires_at: datetime
    latest: datetime
    resend_at: datetime
    tries: frozenset[bytes] = field(default=frozenset(), repr=False)
    consumed_by: bytes | None = field(default=None, repr=False)
    consumed_at: datetime | None = None
    cancelled_at: datetime | None = None
    mails_asked: int = 1
    mails_sent: int = 0
    delivery: Delivery = Delivery.QUEUED

    @property
    def attempts_left(self) -> int:
        """Return how many guesses are left, never below zero."""
        return max(0, self.attempts_allowed - len(self.tries))

    @property
    def mail_owed(self) -> bool:
        """Say whether more mails were asked for than sent."""
        return self.mails_sent < self.mails_asked

    @property
    def reference(self) -> str:
        """Return the three characters by which people tell two mails apart."""
        return reference_of(self.key)

    def over(self, now: datetime) -> Verdict | None:
        """Say why this challenge can never succeed again at *now*, or None while it is open.

        When several reasons hold it is the first of: consumed, cancelled, exhausted, expired.
        """
        if self.consumed_by is not None:
            return Verdict.CONSUMED
        if self.cancelled_at is not None:
            return Verdict.CANCELLED
        if self.attempts_left == 0:
            return Verdict.EXHAUSTED
        return Verdict.EXPIRED if now >= self.expires_at else None

    def refusal(self, *, attempt_id: bytes, purpose: str, transaction_hash: str, now: datetime) -> Verdict | None:
        """Say why an attempt may not be judged at *now*, or None if it may; the same for right and wrong guesses.

        An attempt that was already counted may be judged again while the challenge is open, and one that succeeded
        may ask again for `REPEAT_WINDOW`: neither spends anything.
        """
        if purpose != self.purpose or transaction_hash != self.transaction_hash:
            return Verdict.UNKNOWN
        if self.consumed_by == attempt_id and self.consumed_at is not None and now - self.consumed_at < REPEAT_WINDOW:
            return None
        reason = self.over(now)
        if reason is Verdict.EXHAUSTED and attempt_id in self.tries:
            return Verdict.EXPIRED if now >= self.expires_at else None
        return reason
