"""Deliver the mail that a challenge owes: lease it, derive the code, render, send, record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from otpost import crypto
from otpost.challenge_id import ChallengeId
from otpost.code import derive_code
from otpost.message import Composer
from otpost.ports import ChallengeStore, CodeKeys, Mailer, NoMail, Sending


class Delivered(StrEnum):
    """What became of one queued id.

    `held` (another worker is at it) and `deferred` (the transport would not take it now) are to be looked at again.
    """

    SENT = "sent"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    HELD = "held"
    NOTHING_TO_DO = "nothing_to_do"
    GIVEN_UP = "given_up"
    UNKNOWN = "unknown"

    @property
    def unfinished(self) -> bool:
        """Say whether the id must come again."""
        return self in {Delivered.HELD, Delivered.DEFERRED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivering:
    """Sends what is owed. *lease* is how long one worker has for it: the timeout of its function."""

    challenges: ChallengeStore
    code_keys: CodeKeys
    composer: Composer
    mailer: Mailer
    region: str
    lease: timedelta

    def deliver(self, token: str, *, now: datetime) -> Delivered:
        """Send the mail that the challenge *token* owes, if it owes one.

        A crash or a lost answer between sending and recording leads to a second mail with the same code, never to a
        third. What has expired, is consumed or cancelled is never mailed.
        """
        challenge_id = ChallengeId.parse(token, region=self.region, now=now)
        if challenge_id is None:
            return Delivered.UNKNOWN
        hour_key = self.code_keys.hour_key(challenge_id.hour)  # before the lease: without it no mail can be sent
        lease_id = crypto.fresh_entropy()
        challenge = self.challenges.lease_mail(challenge_id.key, lease_id=lease_id, until=now + self.lease, now=now)
        if isinstance(challenge, NoMail):
            return Delivered(challenge.value)
        code = derive_code(
            hour_key, challenge_id, purpose=challenge.purpose, transaction_hash=challenge.transaction_hash
        )
        mime = self.composer.compose(challenge, code, now=now)
        match self.mailer.send(mime, to=challenge.email, key=challenge.key):
            case Sending.SENT:
                self.challenges.record_sent(challenge.key, mails=challenge.mails_asked)
                return Delivered.SENT
            case Sending.DEFERRED:
                self.challenges.give_back(challenge.key, lease_id=lease_id)
                return Delivered.DEFERRED
            case Sending.REJECTED:
                self.challenges.record_undeliverable(challenge.key, mails=challenge.mails_asked)
                return Delivered.REJECTED
