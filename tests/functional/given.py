"""What the tables of events/README.md take as given: a challenge with the id of the files, or a history."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from otpost.aws import clients
from otpost.aws.challenges import DynamoChallenges
from otpost.aws.conversion import to_item
from otpost.aws.items import AddressWindowItem
from otpost.challenge import Challenge
from otpost.challenge_id import ChallengeId, ChallengeKey
from otpost.transaction import transaction_hash
from tests.backends.account import CHALLENGES, IDENTITIES, REGION
from tests.functional.events import NOW, stored
from tests.functional.stack import Stack

TOKEN: str = json.loads(stored("status-open")["body"])["challenge_id"]
"""The id of the one challenge that the files are about; its code is whatever the account's CodeKey makes of it."""

_HASH = transaction_hash(None)
_WINDOW = "2e" * 32


def nothing(_: Stack) -> None:
    """Leave the account empty."""


def opened(stack: Stack, *, at: datetime = NOW) -> DynamoChallenges:
    """Put the challenge, issued *at*."""
    challenge_id = ChallengeId.parse(TOKEN, region=REGION, now=NOW)
    assert challenge_id is not None
    challenge = Challenge(
        key=challenge_id.key,
        email="ada@example.com",
        identity="1d" * 32,
        window=_WINDOW,
        purpose="sign_in",
        transaction=None,
        transaction_hash=_HASH,
        nonce=None,
        locale=None,
        code_length=challenge_id.code_length,
        attempts_allowed=5,
        issued_at=at,
        life=timedelta(seconds=300),
        expires_at=at + timedelta(seconds=300),
        latest=at + timedelta(seconds=600),
        resend_at=at + timedelta(seconds=30),
    )
    stack.account.put(CHALLENGES, to_item(challenge).serialize())
    return DynamoChallenges(clients.dynamodb(), CHALLENGES)


def open_for_a_minute(stack: Stack) -> None:
    """Put the challenge, issued a minute ago."""
    opened(stack, at=NOW - timedelta(minutes=1))


def just_opened(stack: Stack) -> None:
    """Put the challenge, issued just now: its address window is full for 30 seconds."""
    opened(stack)
    window = AddressWindowItem(f"address#{_WINDOW}", remove_after=0, sent_0=NOW)
    stack.account.put(CHALLENGES, window.serialize())


def expired(stack: Stack) -> None:
    """Put the challenge, issued 300 seconds ago."""
    opened(stack, at=NOW - timedelta(seconds=300))


def cancelled(stack: Stack) -> None:
    """Put the challenge and cancel it."""
    opened(stack, at=NOW - timedelta(minutes=1)).cancel(_key(), now=NOW)


def held(stack: Stack) -> None:
    """Put the challenge and let another worker have the lease on its mail."""
    opened(stack).lease_mail(_key(), lease_id=b"lease", until=NOW + timedelta(seconds=15), now=NOW)


def consumed(stack: Stack) -> None:
    """Put the challenge and consume it."""
    _spend(opened(stack, at=NOW - timedelta(minutes=1)), "right", correct=True)


def exhausted(stack: Stack) -> None:
    """Put the challenge and spend all its attempts."""
    store = opened(stack, at=NOW - timedelta(minutes=1))
    for number in range(5):
        _spend(store, str(number), correct=False)


def mailed_just_now(stack: Stack) -> None:
    """Issue for the address of the files just now."""
    assert stack.issue().status == 202


def sixty_failures(stack: Stack) -> None:
    """Issue for the address of the files, long ago, and let sixty wrong codes be entered since."""
    assert stack.issue().status == 202
    identity = next(item["identity"]["S"] for item in stack.account.items(CHALLENGES) if "identity" in item)
    stack.account.clear()
    failures = [f"attempt {number}".encode() for number in range(60)]
    stack.account.put(IDENTITIES, {"pk": {"S": f"identity#{identity}"}, "failures": {"BS": failures}})


GIVEN: dict[str, Callable[[Stack], None]] = {
    "": nothing,
    "open": open_for_a_minute,
    "just opened": just_opened,
    "consumed": consumed,
    "cancelled": cancelled,
    "exhausted": exhausted,
    "expired": expired,
    "lease held": held,
    "a mail just now": mailed_just_now,
    "60 failures": sixty_failures,
}


def _key() -> ChallengeKey:
    challenge_id = ChallengeId.parse(TOKEN, region=REGION, now=NOW)
    assert challenge_id is not None
    return challenge_id.key


def _spend(store: DynamoChallenges, name: str, *, correct: bool) -> None:
    store.spend_attempt(
        _key(),
        attempt_id=name.encode(),
        correct=correct,
        purpose="sign_in",
        transaction_hash=_HASH,
        now=NOW,
    )
