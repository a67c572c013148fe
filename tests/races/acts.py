"""What one of a crowd does. Functions of this module travel to other processes, bound to a challenge by `partial`."""

import hashlib
from dataclasses import replace
from datetime import timedelta

from otpost.challenge import Challenge, Verdict
from otpost.challenge_id import ChallengeKey
from otpost.ports import NoMail, Opened, Spent
from otpost.window import RateLimited
from tests.contract.samples import HASH, MILLISECOND, NOW, PURPOSE, attempt, draw
from tests.races.engine import Stores


def guess(stores: Stores, number: int, challenge: Challenge, *, right: int, keyed: bool = False) -> Spent:
    """Guess: rightly every *right*-th one (0: nobody); *keyed*: all with one attempt, else each with an own one.

    No two guesses come at the same millisecond of the claimants' time.
    """
    return stores.challenges.spend_attempt(
        challenge.key,
        attempt_id=attempt("the one" if keyed else f"{number}"),
        correct=right > 0 and number % right == 0,
        purpose=PURPOSE,
        transaction_hash=HASH,
        now=NOW + number * MILLISECOND,
    )


def issue(stores: Stores, number: int, challenge: Challenge) -> Opened | RateLimited:
    """Issue the same challenge as everybody else."""
    return stores.challenges.open(challenge, siblings=frozenset(), draw=draw(address=challenge.key), now=NOW)


def issue_another(
    stores: Stores, number: int, first: Challenge, *, address: str | None = None, source: str | None = None, limit: int
) -> Opened | RateLimited:
    """Issue a challenge of one's own, to *address* or to an own one, from *source* with its hourly *limit*."""
    key = ChallengeKey(hashlib.sha256(f"{first.key} {number}".encode()).hexdigest())
    taking = draw(address=address or key, source=source, shard=number % 16, source_hour=limit)
    return stores.challenges.open(replace(first, key=key), siblings=frozenset(), draw=taking, now=NOW)


def resend(stores: Stores, challenge: Challenge) -> Verdict | RateLimited | None:
    """Ask for the mail again, when the address window allows one more."""
    later = NOW + timedelta(seconds=30)
    renewed = replace(challenge, expires_at=later + challenge.life, resend_at=later + timedelta(seconds=30))
    return stores.challenges.ask_again(renewed, draw=draw(address=challenge.key), now=later)


def resend_or_guess(stores: Stores, number: int, challenge: Challenge) -> Verdict | RateLimited | None:
    """Every second one resends, the others guess rightly."""
    return guess(stores, number, challenge, right=1).verdict if number % 2 else resend(stores, challenge)


def cancel_or_guess(stores: Stores, number: int, challenge: Challenge) -> Verdict:
    """Every second one cancels, the others guess rightly."""
    return (
        guess(stores, number, challenge, right=1).verdict
        if number % 2
        else stores.challenges.cancel(challenge.key, now=NOW)
    )


def lease(stores: Stores, number: int, challenge: Challenge) -> Challenge | NoMail:
    """Take the lease for 15 seconds."""
    return stores.challenges.lease_mail(
        challenge.key, lease_id=attempt(f"{number}"), until=NOW + timedelta(seconds=15), now=NOW
    )


def fail(stores: Stores, number: int, identity: str) -> None:
    """Count a failure of one's own, and another that everybody counts."""
    stores.identities.add_failure(identity, attempt_id=attempt(f"{number}"))
    stores.identities.add_failure(identity, attempt_id=attempt("the one"))
