"""What names an attempt: the same for a repeat, another for everything else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from otpost import crypto
from otpost.challenge_id import ChallengeId
from otpost.code import Code, derive_attempt_id
from tests.unit import many_codes
from tests.unit.world import REGION

KEY = many_codes.HOUR_KEY


ID = ChallengeId(region=REGION, hour=491_625, code_length=10, entropy=bytes(range(16)))


def attempt(key: str | None, *, of: ChallengeId = ID, digits: str = "0123456789", hour_key: bytes = KEY) -> bytes:
    return derive_attempt_id(hour_key, of, Code(digits), idempotency_key=key)


def test_an_attempt_without_a_key_is_new_every_time() -> None:
    assert len({attempt(None) for _ in range(100)}) == 100


def test_a_repeated_attempt_has_the_same_name() -> None:
    assert attempt("k" * 16) == attempt("k" * 16)
    assert len(attempt("k" * 16)) == crypto.ENTROPY_BYTES


@pytest.mark.parametrize(
    "other",
    [
        lambda: attempt("l" * 16),
        lambda: attempt("k" * 16, of=replace(ID, entropy=bytes(16))),
        lambda: attempt("k" * 16, digits="0123456780"),
        lambda: attempt("k" * 16, hour_key=b"another hour's key of 32 octets."),
    ],
)
def test_an_attempt_is_named_by_key_challenge_and_guess(other: Callable[[], bytes]) -> None:
    """A2: a repeat counts once only if it is the same guess on the same challenge."""
    assert other() != attempt("k" * 16)


def test_the_name_of_an_attempt_does_not_hold_the_guess() -> None:
    """A14: tries are stored; without the hour key no guess can be read from them."""
    assert attempt("k" * 16, digits="012345") != attempt("k" * 16, digits="012345", hour_key=bytes(32))
    assert b"012345" not in attempt("k" * 16, digits="012345")
