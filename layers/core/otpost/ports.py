"""What the core needs from the world. Each change is one atomic step, or it does not happen.

Every method raises `Unavailable` when the world does not answer: the step may or may not have happened, and each of
them is safe to repeat.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from otpost.challenge import Challenge, Verdict
from otpost.challenge_id import ChallengeKey
from otpost.window import RateLimited, Windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What one mail takes from the windows: one from the address, one from the source if known, one from a shard."""

    windows: Windows
    address: str
    source: str | None
    shard: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A challenge stands in the store; *repeated* if it did before this request."""

    challenge: Challenge
    repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What an attempt came to; *challenge* as it stands after it, None if there is none to speak of."""

    verdict: Verdict
    challenge: Challenge | None = field(repr=False)


SENDS_PER_MAIL = 2
"""How often one mail that was asked for may be handed over at the most, when nobody knows whether the first arrived."""


class NoMail(StrEnum):
    """Why a mail is not to be sent now.

    Another worker is sending it, there is nothing left to send, or it was handed over `SENDS_PER_MAIL` times already
    without an answer: one more would be one too many.
    """

    HELD = "held"
    NOTHING_TO_DO = "nothing_to_do"
    GIVEN_UP = "given_up"


class ChallengeStore(Protocol):
    """Keeps challenges and the windows they draw from."""

    def open(
        self, challenge: Challenge, *, siblings: frozenset[ChallengeKey], draw: Draw, now: datetime
    ) -> Opened | RateLimited:
        """Put *challenge* and take one mail from every window, all or nothing.

        If it or one of its *siblings* (the ids that the same request gets in the hour before, in the hour after or at
        another code length) exists, nothing is taken and the existing one is returned: that outranks every window.
        """
        ...

    def ask_again(self, renewed: Challenge, *, draw: Draw, now: datetime) -> Verdict | RateLimited | None:
        """Ask for one more mail and move `expires_at` and `resend_at` to those of *renewed*, taking from every window.

        None if done, else why not: only while the challenge is open at *now*. Attempts are not renewed.
        """
        ...

    def spend_attempt(
        self, key: ChallengeKey, *, attempt_id: bytes, correct: bool, purpose: str, transaction_hash: str, now: datetime
    ) -> Spent:
        """Spend one attempt and, if *correct*, consume the challenge in the same write.

        Safe to repeat with the same *attempt_id* after a lost response. Changes nothing if the challenge is unknown,
        issued for something else, consumed by another attempt, cancelled, exhausted or expired at *now*; says which.
        """
        ...

    def cancel(self, key: ChallengeKey, *, now: datetime) -> Verdict:
        """Void the challenge unless it is consumed: `cancelled` (also if it was), `consumed` or `unknown`."""
        ...

    def find(self, key: ChallengeKey) -> Challenge | None:
        """Return the challenge as it stands, or None."""
        ...

    def lease_mail(self, key: ChallengeKey, *, lease_id: bytes, until: datetime, now: datetime) -> Challenge | NoMail:
        """Take the right to send the mail that is owed until *until*; only one caller at a time has it.

        A mail is owed while more were asked for than sent and the challenge is open and unexpired at *now*. Each
        lease counts as one handing over, until it is given back. A repeat with the same *lease_id* is the same lease.
        """
        ...

    def give_back(self, key: ChallengeKey, *, lease_id: bytes) -> None:
        """Undo the lease *lease_id*: its mail was certainly not sent. Nothing happens if another one holds."""
        ...

    def record_sent(self, key: ChallengeKey, *, mails: int) -> None:
        """Record that the mails asked for up to number *mails* are sent, and give the lease back."""
        ...

    def record_undeliverable(self, key: ChallengeKey, *, mails: int) -> None:
        """Record that the mails asked for up to number *mails* will never be accepted for sending."""
        ...


class IdentityStore(Protocol):
    """Keeps what outlives challenges, by pseudonym."""

    def failures(self, identity: str) -> int:
        """Return how many attempts have failed since the last success."""
        ...

    def add_failure(self, identity: str, *, attempt_id: bytes) -> None:
        """Count one failure; a repeat with the same *attempt_id* counts once."""
        ...

    def record_success(self, identity: str, *, verified_at: datetime) -> None:
        """End the streak as of *verified_at*; a repeat of an older success changes nothing."""
        ...


class Outbox(Protocol):
    """Hands challenge ids to delivery, at least once."""

    def put(self, token: str) -> None:
        """Ask that the mail owed by this challenge be sent."""
        ...


class Sending(StrEnum):
    """What a mail transport said: accepted for delivery, certainly not sent this time, or refused for good."""

    SENT = "sent"
    DEFERRED = "deferred"
    REJECTED = "rejected"


class Mailer(Protocol):
    """Sends one message to exactly one recipient."""

    def send(self, mime: bytes, *, to: str, key: ChallengeKey) -> Sending:
        """Hand over the MIME message once; *key* is tagged on so that feedback finds its challenge.

        Unavailable here means that nobody knows whether it was sent.
        """
        ...


class CodeKeys(Protocol):
    """Gives the keys that codes are derived from. Only verification and delivery have it."""

    def hour_key(self, hour: int) -> bytes:
        """Return the 32-byte key of an issue hour (hours since 1970)."""
        ...


class IdentityKey(Protocol):
    """Gives the key that pseudonyms and idempotency are made with. It is never rotated."""

    def key(self) -> bytes:
        """Return the 32-byte key."""
        ...


class Signer(Protocol):
    """Signs receipts."""

    @property
    def key_id(self) -> str:
        """Return the `kid` under which the public key is published."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the ES256 signature of *data* as JWS has it: R ‖ S, 64 octets (RFC 7518 §3.4)."""
        ...
