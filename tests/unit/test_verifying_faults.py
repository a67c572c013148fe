"""Verify while something does not answer: nothing is accepted, no guess goes uncounted."""

import pytest

from otpost.errors import Unavailable
from otpost.issuing import Issued
from otpost.verifying import Accepted
from tests.contract.samples import NOW
from tests.unit.world import IDEMPOTENCY_KEY, World


@pytest.fixture
def issued(world: World) -> Issued:
    return world.issued()


@pytest.mark.parametrize("right", [True, False])
def test_without_the_code_key_nothing_is_spent(world: World, issued: Issued, right: bool) -> None:  # noqa: FBT001
    """A57."""
    code = world.code(issued) if right else world.wrong_code(issued)
    before = world.state()
    world.code_keys.line.cut.add("hour_key")

    with pytest.raises(Unavailable):
        world.guess(issued, code)

    assert world.state() == before


@pytest.mark.parametrize("right", [True, False])
def test_without_the_table_nothing_is_answered(world: World, issued: Issued, right: bool) -> None:  # noqa: FBT001
    """A57."""
    code = world.code(issued) if right else world.wrong_code(issued)
    before = world.state()
    world.challenges.line.cut.add("spend_attempt")

    with pytest.raises(Unavailable):
        world.guess(issued, code)

    assert world.state() == before


@pytest.mark.parametrize("way", ["cut", "lossy"])
def test_a_wrong_guess_is_not_answered_before_it_is_on_the_streak(world: World, issued: Issued, way: str) -> None:
    """A2, A57: otherwise whoever breaks the streak's table could guess without end."""
    code = world.wrong_code(issued)
    getattr(world.identities.line, way).add("add_failure")
    with pytest.raises(Unavailable):
        world.guess(issued, code, idempotency_key=IDEMPOTENCY_KEY)
    assert world.standing(issued.challenge.key).attempts_left == 4
    getattr(world.identities.line, way).clear()

    world.guess(issued, code, idempotency_key=IDEMPOTENCY_KEY)

    assert world.standing(issued.challenge.key).attempts_left == 4
    assert world.failures() == 1


@pytest.mark.parametrize("way", ["cut", "lossy"])
def test_a_right_guess_is_accepted_even_if_its_streak_cannot_be_ended(world: World, issued: Issued, way: str) -> None:
    """A57: the streak then stays longer than it need, which errs on the safe side."""
    world.fail(3)
    getattr(world.identities.line, way).add("record_success")

    answer = world.guess(issued, world.code(issued))

    assert isinstance(answer, Accepted)
    assert not answer.streak_ended
    assert answer.challenge.consumed_at == NOW
    assert world.failures() == (3 if way == "cut" else 0)


def test_a_repeat_ends_the_streak_that_the_first_answer_could_not(world: World, issued: Issued) -> None:
    world.fail(3)
    world.identities.line.cut.add("record_success")
    world.guess(issued, world.code(issued), idempotency_key=IDEMPOTENCY_KEY)
    world.identities.line.cut.clear()

    again = world.guess(issued, world.code(issued), idempotency_key=IDEMPOTENCY_KEY)

    assert isinstance(again, Accepted)
    assert again.streak_ended
    assert world.failures() == 0


def test_a_guess_that_is_refused_needs_neither_streak_nor_signer(world: World, issued: Issued) -> None:
    """A9, A57: what refuses asks nobody else, for right and wrong guesses alike."""
    world.accepted(issued)
    world.identities.line.cut.update({"add_failure", "record_success"})
    world.signer.line.cut.add("sign")
    before = world.state()

    for code in (world.code(issued), world.wrong_code(issued)):
        assert not isinstance(world.guess(issued, code), Accepted)

    assert world.state() == before
