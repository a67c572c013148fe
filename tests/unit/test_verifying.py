"""Verify a guess: every verdict, and what it leaves behind."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from otpost.challenge import Verdict
from otpost.transaction import transaction_hash
from otpost.verifying import Accepted, Refused
from tests.contract.samples import MILLISECOND, NOW
from tests.unit.world import PAYMENT, World

SECOND = timedelta(seconds=1)


def verdict(answer: Accepted | Refused) -> Verdict:
    return Verdict.ACCEPTED if isinstance(answer, Accepted) else answer.verdict


def test_the_right_code_is_accepted_and_consumes_the_challenge(world: World) -> None:
    issued = world.issued()

    accepted = world.accepted(issued, after=SECOND)

    standing = world.standing(issued.challenge.key)
    assert accepted.challenge == standing
    assert standing.consumed_at == NOW + SECOND
    assert standing.over(NOW) is Verdict.CONSUMED
    assert not accepted.repeated
    assert accepted.streak_ended


def test_a_wrong_code_is_counted_on_the_challenge_and_on_the_streak(world: World) -> None:
    """A1, A2."""
    issued = world.issued()

    answer = world.guess(issued, world.wrong_code(issued))

    assert answer == Refused(verdict=Verdict.WRONG_CODE, challenge=world.standing(issued.challenge.key))
    assert world.standing(issued.challenge.key).attempts_left == 4
    assert world.standing(issued.challenge.key).consumed_by is None
    assert world.failures() == 1


@pytest.mark.parametrize("wrong", range(5))
def test_the_right_code_is_accepted_after_any_allowed_number_of_wrong_ones(world: World, wrong: int) -> None:
    issued = world.issued()
    for number in range(wrong):
        world.guess(issued, world.wrong_code(issued, number))

    assert isinstance(world.guess(issued, world.code(issued)), Accepted)


def test_the_sixth_guess_is_refused_even_if_it_is_right(world: World) -> None:
    """A1."""
    issued = world.issued()
    verdicts = [verdict(world.guess(issued, world.wrong_code(issued, number))) for number in range(5)]
    before = world.state()

    right = world.guess(issued, world.code(issued))
    wrong = world.guess(issued, world.wrong_code(issued, 9))

    assert verdicts == [Verdict.WRONG_CODE] * 5
    assert right == wrong == Refused(verdict=Verdict.EXHAUSTED, challenge=world.standing(issued.challenge.key))
    assert world.state() == before


def test_after_twenty_failures_the_fourth_guess_is_refused(world: World) -> None:
    """A2."""
    world.fail(20)
    issued = world.issued()

    verdicts = [verdict(world.guess(issued, world.wrong_code(issued, number))) for number in range(3)]

    assert verdicts == [Verdict.WRONG_CODE] * 3
    assert verdict(world.guess(issued, world.code(issued))) is Verdict.EXHAUSTED


def test_a_code_is_accepted_once(world: World) -> None:
    """A10."""
    issued = world.issued()
    world.accepted(issued)
    before = world.state()

    right = world.guess(issued, world.code(issued), after=SECOND)
    wrong = world.guess(issued, world.wrong_code(issued), after=SECOND)

    assert right == wrong == Refused(verdict=Verdict.CONSUMED, challenge=world.standing(issued.challenge.key))
    assert world.state() == before


def test_a_code_is_accepted_until_its_last_instant(world: World) -> None:
    """A11, A46."""
    in_time, at_last, too_late = (world.issued(email=f"{name}@example.com") for name in ("a", "b", "c"))
    life = in_time.challenge.life

    assert isinstance(world.guess(in_time, world.code(in_time), after=life - SECOND), Accepted)
    assert isinstance(world.guess(at_last, world.code(at_last), after=life - MILLISECOND), Accepted)
    before = world.state()
    right = world.guess(too_late, world.code(too_late), after=life)
    wrong = world.guess(too_late, world.wrong_code(too_late), after=life)

    assert right == wrong == Refused(verdict=Verdict.EXPIRED, challenge=world.standing(too_late.challenge.key))
    assert world.state() == before


def test_a_cancelled_challenge_refuses_right_and_wrong_alike(world: World) -> None:
    issued = world.issued()
    world.challenges.cancel(issued.challenge.key, now=NOW)
    before = world.state()

    answers = [world.guess(issued, code) for code in (world.code(issued), world.wrong_code(issued))]

    assert [verdict(answer) for answer in answers] == [Verdict.CANCELLED] * 2
    assert world.state() == before


@pytest.mark.parametrize(
    "mismatch",
    [
        {"purpose": "sign_in"},
        {"purpose": "recovery"},
        {"purpose": ""},
        {"transaction_hash": transaction_hash(None)},
        {"transaction_hash": transaction_hash({})},
        {"transaction_hash": transaction_hash(PAYMENT | {"payee": "Ünal & Söhnf"})},
        {"transaction_hash": ""},
        {"purpose": "sign_in", "transaction_hash": transaction_hash(None)},
    ],
)
def test_a_guess_for_something_else_is_unknown_whether_right_or_wrong(world: World, mismatch: dict[str, Any]) -> None:
    """A18, A24: refused before anything about the guess can show; the original still verifies."""
    issued = world.issued(purpose="transaction", transaction=PAYMENT)
    for_that = replace(issued, challenge=replace(issued.challenge, **mismatch))  # the code of the other purpose itself
    before = world.state()

    answers = [
        world.guess(issued, code, **mismatch)
        for code in (world.code(issued), world.code(for_that), world.wrong_code(issued))
    ]

    assert [verdict(answer) for answer in answers] == [Verdict.UNKNOWN] * 3
    assert world.state() == before
    assert isinstance(world.guess(issued, world.code(issued)), Accepted)


def test_an_absent_transaction_is_not_an_empty_one(world: World) -> None:
    """A24."""
    issued = world.issued()

    answer = world.guess(issued, world.code(issued), transaction_hash=transaction_hash({}))

    assert verdict(answer) is Verdict.UNKNOWN


def test_a_mismatch_outranks_every_other_reason(world: World) -> None:
    """A18: whoever asks for another purpose does not even learn that a challenge was used."""
    issued = world.issued()
    world.accepted(issued)

    assert verdict(world.guess(issued, world.code(issued), purpose="transaction")) is Verdict.UNKNOWN


def test_an_unknown_challenge_is_refused_and_not_made(world: World) -> None:
    stranger = World().issued()
    before = world.state()

    answers = [world.guess(stranger, code) for code in (world.code(stranger), world.wrong_code(stranger))]

    assert answers == [Refused(verdict=Verdict.UNKNOWN)] * 2
    assert world.state() == before


def test_the_code_of_one_challenge_does_not_open_another(world: World) -> None:
    """A20."""
    first, second = world.issued(email="a@example.com"), world.issued(email="b@example.com")
    assert world.code(first) != world.code(second)

    assert verdict(world.guess(second, world.code(first))) is Verdict.WRONG_CODE


def test_a_code_of_another_hour_key_is_wrong(world: World) -> None:
    issued = world.issued()
    other = replace(world, code_keys=type(world.code_keys)(b"another"))

    assert verdict(other.guess(issued, world.code(issued))) is Verdict.WRONG_CODE
