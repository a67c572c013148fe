"""A verification asked again with its Idempotency-Key: nothing is spent twice, no success is lost."""

from datetime import timedelta

import jwt
import pytest

from otpost.challenge import REPEAT_WINDOW, Verdict
from otpost.code import Code
from otpost.errors import Unavailable
from otpost.issuing import Issued
from otpost.verifying import Accepted, Refused
from tests.contract.samples import MILLISECOND, NOW
from tests.unit.world import IDEMPOTENCY_KEY, World

SECOND = timedelta(seconds=1)


def keyed(
    world: World, issued: Issued, code: Code, *, after: timedelta = timedelta(), key: str = IDEMPOTENCY_KEY
) -> Accepted | Refused:
    return world.guess(issued, code, after=after, idempotency_key=key)


def claims(world: World, answer: Accepted | Refused) -> dict[str, object]:
    assert isinstance(answer, Accepted)
    decoded: dict[str, object] = jwt.decode(
        answer.receipt,
        world.signer.public_key,
        algorithms=["ES256"],
        audience="https://app.example",
        options={"verify_exp": False, "verify_iat": False, "verify_nbf": False},
    )
    return decoded


def test_a_repeated_success_gives_the_same_receipt(world: World) -> None:
    """A10, A30: one jti for one challenge."""
    issued = world.issued()
    first = keyed(world, issued, world.code(issued))
    before = world.state()

    again = keyed(world, issued, world.code(issued), after=REPEAT_WINDOW - MILLISECOND)

    assert isinstance(again, Accepted)
    assert again.repeated
    assert claims(world, again) == claims(world, first)
    assert claims(world, again)["jti"] == issued.challenge.key
    assert world.state() == before


def test_a_repeat_after_300_seconds_is_too_late(world: World) -> None:
    """A10."""
    issued = world.issued()
    keyed(world, issued, world.code(issued))
    before = world.state()

    answer = keyed(world, issued, world.code(issued), after=REPEAT_WINDOW)

    assert answer == Refused(verdict=Verdict.CONSUMED, challenge=world.standing(issued.challenge.key))
    assert world.state() == before


def test_a_repeat_does_not_push_its_own_end_further(world: World) -> None:
    """A10: the 300 s count from the success, not from the last repeat."""
    issued = world.issued()
    keyed(world, issued, world.code(issued))
    for seconds in (100, 200, 299):
        keyed(world, issued, world.code(issued), after=timedelta(seconds=seconds))

    assert isinstance(keyed(world, issued, world.code(issued), after=REPEAT_WINDOW), Refused)


def test_a_success_can_be_fetched_after_the_code_has_expired(world: World) -> None:
    issued = world.issued()
    last = issued.challenge.life - MILLISECOND
    keyed(world, issued, world.code(issued), after=last)

    assert isinstance(keyed(world, issued, world.code(issued), after=last + timedelta(seconds=200)), Accepted)


def test_another_key_does_not_fetch_a_success(world: World) -> None:
    """A10."""
    issued = world.issued()
    keyed(world, issued, world.code(issued))
    before = world.state()

    others = [
        keyed(world, issued, world.code(issued), key=IDEMPOTENCY_KEY[::-1]),
        world.guess(issued, world.code(issued)),
        keyed(world, issued, world.wrong_code(issued)),
    ]

    assert others == [Refused(verdict=Verdict.CONSUMED, challenge=world.standing(issued.challenge.key))] * 3
    assert world.state() == before


def test_a_repeated_wrong_guess_burns_one_attempt_and_counts_once(world: World) -> None:
    """A2."""
    issued = world.issued()

    answers = [keyed(world, issued, world.wrong_code(issued), after=number * SECOND) for number in range(4)]

    assert answers == [Refused(verdict=Verdict.WRONG_CODE, challenge=world.standing(issued.challenge.key))] * 4
    assert world.standing(issued.challenge.key).attempts_left == 4
    assert world.failures() == 1


def test_a_repeated_last_guess_is_still_answered(world: World) -> None:
    """A2: its answer may have been lost; the repeat tells nothing new."""
    issued = world.issued()
    for number in range(4):
        world.guess(issued, world.wrong_code(issued, number))
    first = keyed(world, issued, world.wrong_code(issued, 4))
    before = world.state()

    again = keyed(world, issued, world.wrong_code(issued, 4))

    assert again == first
    assert isinstance(again, Refused)
    assert again.verdict is Verdict.WRONG_CODE
    assert world.state() == before


def test_one_key_with_other_guesses_is_an_attempt_each(world: World) -> None:
    """A1: a caller cannot hide many guesses behind one key."""
    issued = world.issued()

    answers = [keyed(world, issued, world.wrong_code(issued, number)) for number in range(6)]

    verdicts = [answer.verdict for answer in answers if isinstance(answer, Refused)]
    assert verdicts == [Verdict.WRONG_CODE] * 5 + [Verdict.EXHAUSTED]
    assert isinstance(keyed(world, issued, world.code(issued)), Refused)
    assert world.failures() == 5


def test_one_key_on_two_challenges_is_two_attempts(world: World) -> None:
    first, second = world.issued(email="a@example.com"), world.issued(email="b@example.com")

    for issued in (first, second):
        keyed(world, issued, Code("000000"))

    assert len(world.standing(first.challenge.key).tries | world.standing(second.challenge.key).tries) == 2


@pytest.mark.parametrize("right", [True, False])
def test_an_attempt_whose_answer_was_lost_at_the_table_is_repeated_without_loss(
    world: World,
    right: bool,  # noqa: FBT001
) -> None:
    """A3, A57: the write happened, nobody heard of it."""
    issued = world.issued()
    code = world.code(issued) if right else world.wrong_code(issued)
    world.challenges.line.lossy.add("spend_attempt")
    with pytest.raises(Unavailable):
        keyed(world, issued, code)
    assert world.failures() == 0
    world.challenges.line.lossy.clear()

    again = keyed(world, issued, code, after=SECOND)

    assert isinstance(again, Accepted) is right
    assert world.standing(issued.challenge.key).attempts_left == 4
    assert world.failures() == (0 if right else 1)


def test_a_success_that_could_not_be_signed_is_fetched_by_its_repeat(world: World) -> None:
    """A57: signing follows the write."""
    issued = world.issued()
    world.signer.line.cut.add("sign")
    with pytest.raises(Unavailable):
        keyed(world, issued, world.code(issued))
    assert world.standing(issued.challenge.key).consumed_at == NOW
    world.signer.line.cut.clear()

    again = keyed(world, issued, world.code(issued), after=SECOND)

    assert isinstance(again, Accepted)
    assert again.repeated
    assert claims(world, again)["iat"] == int(NOW.timestamp())


def test_a_success_that_could_not_be_signed_is_lost_without_a_key(world: World) -> None:
    """A10: nobody can prove that the second request is the first one."""
    issued = world.issued()
    world.signer.line.cut.add("sign")
    with pytest.raises(Unavailable):
        world.guess(issued, world.code(issued))
    world.signer.line.cut.clear()

    answer = world.guess(issued, world.code(issued), after=SECOND)

    assert answer == Refused(verdict=Verdict.CONSUMED, challenge=world.standing(issued.challenge.key))
