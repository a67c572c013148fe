"""Challenges, draws and instants to try the stores with."""

import hashlib
import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from otpost.challenge import Challenge
from otpost.challenge_id import ChallengeKey
from otpost.ports import ChallengeStore, Draw, Opened
from otpost.transaction import transaction_hash
from otpost.window import Windows

NOW = datetime(2026, 1, 31, 9, 30, 0, 123_000, UTC)
MILLISECOND = timedelta(milliseconds=1)
LIFE, MAXIMUM = timedelta(seconds=300), timedelta(seconds=600)
WINDOWS = Windows(
    address_interval=timedelta(seconds=30), address_hour=5, address_day=10, source_hour=300, stack_day=100_000
)
PURPOSE = "sign_in"
HASH = transaction_hash(None)
_serial = itertools.count()


def new_key() -> ChallengeKey:
    """Return a key that no other challenge of this run has."""
    return ChallengeKey(hashlib.sha256(f"challenge {next(_serial)}".encode()).hexdigest())


def attempt(name: str) -> bytes:
    """Return the id of the attempt called *name*."""
    return hashlib.sha256(name.encode()).digest()[:16]


def new_challenge(*, at: datetime = NOW, **changes: Any) -> Challenge:
    """Return a challenge issued *at*, open for 300 s and after resends for at most 600 s."""
    plain = Challenge(
        key=new_key(),
        email="Ada@example.com",
        identity="1d" * 32,
        window="2e" * 32,
        purpose=PURPOSE,
        transaction=None,
        transaction_hash=HASH,
        nonce=None,
        locale=None,
        code_length=6,
        attempts_allowed=5,
        issued_at=at,
        life=LIFE,
        expires_at=at + LIFE,
        latest=at + MAXIMUM,
        resend_at=at + WINDOWS.address_interval,
    )
    return replace(plain, **changes)


def draw(*, address: str = "2e" * 32, source: str | None = None, shard: int = 0, **limits: Any) -> Draw:
    """Return what one mail takes; *limits* change the windows."""
    return Draw(windows=replace(WINDOWS, **limits), address=address, source=source, shard=shard)


def opened(store: ChallengeStore, *, at: datetime = NOW, **changes: Any) -> Challenge:
    """Put a new challenge into *store* and return it; it has an address window of its own."""
    challenge = new_challenge(at=at, **changes)
    answer = store.open(challenge, siblings=frozenset(), draw=draw(address=challenge.key), now=at)
    assert answer == Opened(challenge=challenge, repeated=False)
    return challenge
