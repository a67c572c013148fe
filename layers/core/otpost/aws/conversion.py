"""Between a challenge and its item. No PynamoDB or botocore type gets past this package."""

from datetime import datetime, timedelta

from otpost.aws.items import ChallengeItem, RawItem
from otpost.challenge import Challenge, Delivery
from otpost.challenge_id import ChallengeKey
from otpost.ports import SENDS_PER_MAIL

_PREFIX = "challenge#"
_KEEP = timedelta(days=1)
"""How long an item outlives its last possible use, so that refusals can still name their reason."""


def partition_key(key: ChallengeKey) -> str:
    """Return the partition key of a challenge's item."""
    return _PREFIX + key


def to_item(challenge: Challenge) -> ChallengeItem:
    """Return the item of a new challenge. Absent members are not stored."""
    return ChallengeItem(
        partition_key(challenge.key),
        remove_after=int((challenge.latest + _KEEP).timestamp()),
        email=challenge.email,
        identity=challenge.identity,
        window=challenge.window,
        purpose=challenge.purpose,
        transaction=dict(challenge.transaction) if challenge.transaction is not None else None,
        transaction_hash=challenge.transaction_hash,
        nonce=challenge.nonce,
        locale=challenge.locale,
        code_length=challenge.code_length,
        attempts_allowed=challenge.attempts_allowed,
        issued_at=challenge.issued_at,
        life_seconds=int(challenge.life.total_seconds()),
        expires_at=challenge.expires_at,
        latest=challenge.latest,
        resend_at=challenge.resend_at,
        mails_asked=challenge.mails_asked,
        mails_sent=challenge.mails_sent,
        sends_allowed=SENDS_PER_MAIL * challenge.mails_asked,
        delivery=challenge.delivery.value,
    )


def to_challenge(raw: RawItem) -> Challenge:
    """Return the challenge that DynamoDB sent."""
    item = ChallengeItem.from_raw_data(dict(raw))
    return Challenge(
        key=ChallengeKey(item.pk.removeprefix(_PREFIX)),
        email=item.email,
        identity=item.identity,
        window=item.window,
        purpose=item.purpose,
        transaction=item.transaction,
        transaction_hash=item.transaction_hash,
        nonce=item.nonce,
        locale=item.locale,
        code_length=int(item.code_length),
        attempts_allowed=int(item.attempts_allowed),
        issued_at=item.issued_at,
        life=timedelta(seconds=int(item.life_seconds)),
        expires_at=item.expires_at,
        latest=item.latest,
        resend_at=item.resend_at,
        tries=frozenset(item.tries or ()),
        consumed_by=item.consumed_by,
        consumed_at=item.consumed_at,
        cancelled_at=item.cancelled_at,
        mails_asked=int(item.mails_asked),
        mails_sent=int(item.mails_sent),
        delivery=Delivery(item.delivery),
    )


def is_leased(raw: RawItem, now: datetime) -> bool:
    """Say whether a worker has the right to send the mail of this challenge at *now*."""
    return "lease_until" in raw and ChallengeItem.from_raw_data(dict(raw)).lease_until > now
