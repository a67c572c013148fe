"""Call a challenge off."""

from datetime import timedelta

from otpost.challenge import Verdict
from otpost.verifying import Refused
from tests.contract.samples import NOW, new_key
from tests.unit.world import World


def test_a_cancelled_challenge_refuses_the_right_code(world: World) -> None:
    issued = world.issued()

    assert world.challenges.cancel(issued.challenge.key, now=NOW) is Verdict.CANCELLED

    answer = world.guess(issued, world.code(issued))
    assert isinstance(answer, Refused)
    assert answer.verdict is Verdict.CANCELLED
    assert answer.challenge == world.standing(issued.challenge.key)


def test_cancelling_again_changes_nothing(world: World) -> None:
    issued = world.issued()
    world.challenges.cancel(issued.challenge.key, now=NOW)
    before = world.state()

    assert world.challenges.cancel(issued.challenge.key, now=NOW + timedelta(seconds=5)) is Verdict.CANCELLED

    assert world.state() == before


def test_a_used_code_cannot_be_cancelled_and_its_receipt_stays_to_be_had(world: World) -> None:
    """A10."""
    issued = world.issued()
    first = world.accepted(issued, idempotency_key="k" * 16)
    before = world.state()

    assert world.challenges.cancel(issued.challenge.key, now=NOW) is Verdict.CONSUMED

    assert world.state() == before
    assert world.accepted(issued, after=timedelta(seconds=1), idempotency_key="k" * 16).challenge == first.challenge


def test_an_unknown_challenge_cannot_be_cancelled(world: World) -> None:
    before = world.state()

    assert world.challenges.cancel(new_key(), now=NOW) is Verdict.UNKNOWN

    assert world.state() == before
