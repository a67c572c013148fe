"""What an Idempotency-Key is bound to: another request with the same key is another request."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.unit.world import IDEMPOTENCY_KEY, KEYED, PAYMENT, World

OTHERS: dict[str, Any] = {
    "principal": "111122223333/AROAOTHER",
    "idempotency_key": IDEMPOTENCY_KEY[::-1],
    "email": "ada+x@example.com",
    "purpose": "sign_in",
    "transaction": PAYMENT | {"payee": "Eve"},
    "no transaction": None,
    "nonce": "n-2",
    "no nonce": None,
    "locale": "de",
    "no locale": None,
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_request_gets_another_challenge(world: World, name: str) -> None:
    first = world.issued(**KEYED)

    other = world.issued(after=timedelta(seconds=30), **KEYED | {name.removeprefix("no "): OTHERS[name]})

    assert not other.repeated
    assert other.challenge.key != first.challenge.key
    assert other.challenge_id.entropy != first.challenge_id.entropy


def test_other_callers_cannot_find_a_challenge_by_guessing_its_key(world: World) -> None:
    """A20: the principal is bound in, so a key of somebody else opens nothing."""
    first = world.issued(**KEYED)

    other = world.issued(after=timedelta(seconds=30), **KEYED | {"principal": "444455556666/AROAEVE"})

    assert other.challenge_id.token != first.challenge_id.token


def test_keyed_ids_cannot_be_computed_without_the_identity_key(world: World) -> None:
    """A20: the entropy is an HMAC, not a hash, of what the caller knows."""
    other = replace(world, identity_key=type(world.identity_key)(b"another"))

    assert other.issued(**KEYED).challenge_id.entropy not in {
        World().issued(**KEYED).challenge_id.entropy,
        world.issued(email="eve@example.com", **KEYED).challenge_id.entropy,
    }
