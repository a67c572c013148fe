"""The conditions of the protocol, each conjunct and disjunct by name (docs/adr/0002-one-write-verify.md)."""

from datetime import datetime
from functools import reduce

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import _Size as Size  # pyright: ignore[reportPrivateUsage] - `size()` is untyped

from otpost.aws.items import ChallengeItem as C
from otpost.challenge import REPEAT_WINDOW


def all_of(*conditions: Condition) -> Condition:
    """Every one of *conditions* holds."""
    return reduce(lambda one, other: one & other, conditions)


def any_of(*conditions: Condition) -> Condition:
    """At least one of *conditions* holds."""
    return reduce(lambda one, other: one | other, conditions)


def exists() -> Condition:
    """The challenge is known."""
    return C.pk.exists()


def not_consumed() -> Condition:
    """Nobody has succeeded with it."""
    return C.consumed_by.does_not_exist()


def not_over(now: datetime) -> Condition:
    """Not consumed, not cancelled, not expired: `expires_at` itself is too late."""
    return all_of(not_consumed(), C.cancelled_at.does_not_exist(), C.expires_at > now)


def attempts_left() -> Condition:
    """Another guess may be judged. The set is absent until the first one: DynamoDB has no empty sets."""
    return any_of(C.tries.does_not_exist(), Size(C.tries) < C.attempts_allowed)


def open_at(now: datetime) -> Condition:
    """The challenge can still succeed at *now*."""
    return all_of(exists(), not_over(now), attempts_left())


def may_be_judged(attempt_id: bytes, *, purpose: str, transaction_hash: str, now: datetime) -> Condition:
    """An attempt may be judged; the same for right and wrong guesses."""
    issued_for_this = all_of(C.purpose == purpose, C.transaction_hash == transaction_hash)
    own_success_asked_again = all_of(C.consumed_by == attempt_id, C.consumed_at > now - REPEAT_WINDOW)
    already_counted = C.tries.contains(attempt_id)
    judged_now = all_of(not_over(now), any_of(attempts_left(), already_counted))
    return all_of(exists(), issued_for_this, any_of(own_success_asked_again, judged_now))


def mail_owed(lease_id: bytes, now: datetime) -> Condition:
    """More mails were asked for than sent, the code in them is still good, and no other worker is at it."""
    own_lease_asked_again = C.lease_by == lease_id
    free = any_of(C.lease_until.does_not_exist(), C.lease_until <= now)
    sends_left = any_of(C.sends.does_not_exist(), Size(C.sends) < C.sends_allowed)
    owed = all_of(open_at(now), C.mails_sent < C.mails_asked)
    return all_of(owed, any_of(own_lease_asked_again, all_of(free, sends_left)))
