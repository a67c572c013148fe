"""Send a code again: the same code, no new attempts, a longer life within the hard maximum."""

from dataclasses import replace
from datetime import timedelta

import pytest

from otpost.challenge import Delivery, Verdict
from otpost.errors import Unavailable
from otpost.issuing import Issued
from otpost.verifying import Accepted
from otpost.window import Limit, RateLimited
from tests.contract.samples import MILLISECOND, NOW
from tests.unit.world import POLICY, World, asking

INTERVAL = timedelta(seconds=30)


def resend(world: World, issued: Issued, *, after: timedelta = INTERVAL) -> Issued | RateLimited | Verdict:
    return world.issuing.resend(issued.challenge_id, source_ip=None, now=NOW + after)


def resent(world: World, issued: Issued, *, after: timedelta = INTERVAL) -> Issued:
    answer = resend(world, issued, after=after)
    assert isinstance(answer, Issued)
    return answer


def test_a_resend_keeps_the_id_and_the_code(world: World) -> None:
    """A49."""
    issued = world.issued()

    again = resent(world, issued)

    assert again.challenge_id == issued.challenge_id
    assert not again.repeated
    assert world.code(again) == world.code(issued)
    assert world.outbox.tokens == [issued.challenge_id.token] * 2


def test_a_resend_moves_expiry_to_a_life_from_now(world: World) -> None:
    issued = world.issued()

    again = resent(world, issued, after=timedelta(seconds=100))

    assert again.challenge.expires_at == NOW + timedelta(seconds=400)
    assert again.challenge.resend_at == NOW + timedelta(seconds=130)
    standing = world.standing(issued.challenge.key)
    assert standing == replace(again.challenge, mails_asked=2, delivery=Delivery.QUEUED)


def test_resends_never_move_expiry_beyond_the_hard_maximum(world: World) -> None:
    issued = world.issued()

    for seconds in (299, 480, 599):
        again = resent(world, issued, after=timedelta(seconds=seconds))
        assert again.challenge.expires_at == min(NOW + timedelta(seconds=seconds + 300), NOW + timedelta(seconds=600))

    end = NOW + timedelta(seconds=600)
    assert world.standing(issued.challenge.key).over(end - MILLISECOND) is None
    assert resend(world, issued, after=timedelta(seconds=600)) is Verdict.EXPIRED


def test_a_code_that_was_sent_again_is_accepted_in_its_longer_life(world: World) -> None:
    issued = world.issued()
    resent(world, issued, after=timedelta(seconds=299))

    assert isinstance(world.guess(issued, world.code(issued), after=timedelta(seconds=598)), Accepted)


def test_a_resend_does_not_renew_attempts_or_the_streak(world: World) -> None:
    """A2."""
    issued = world.issued()
    for number in range(4):
        world.guess(issued, world.wrong_code(issued, number))

    again = resent(world, issued)

    assert again.challenge.attempts_left == 1
    assert world.failures() == 4
    assert world.guess(issued, world.wrong_code(issued, 9), after=INTERVAL).challenge == world.standing(
        issued.challenge.key
    )
    assert world.standing(issued.challenge.key).attempts_left == 0


def test_a_resend_takes_from_the_window_of_its_address(world: World) -> None:
    """A6."""
    issued = world.issued()
    before = world.state()

    early = resend(world, issued, after=INTERVAL - MILLISECOND)

    assert early == RateLimited(limit=Limit.ADDRESS_INTERVAL, retry_after=MILLISECOND)
    assert world.state() == before
    resent(world, issued, after=INTERVAL)
    blocked = world.issuing.issue(asking(email="ada+x@example.com"), now=NOW + 2 * INTERVAL - MILLISECOND)
    assert blocked == RateLimited(limit=Limit.ADDRESS_INTERVAL, retry_after=MILLISECOND)


def test_a_resend_takes_from_the_window_of_its_source(world: World) -> None:
    """A7."""
    few = replace(world, policy=replace(POLICY, windows=replace(POLICY.windows, source_hour=1)))
    issued = few.issued(source_ip="192.0.2.1")

    answer = few.issuing.resend(issued.challenge_id, source_ip="192.0.2.9", now=NOW + INTERVAL)

    assert isinstance(answer, RateLimited)
    assert answer.limit is Limit.SOURCE_HOUR


def test_an_unknown_challenge_is_not_sent_again(world: World) -> None:
    issued = World().issued()

    assert resend(world, issued) is Verdict.UNKNOWN
    assert world.outbox.tokens == []


def test_what_is_over_is_not_sent_again(world: World) -> None:
    """A10, A11."""
    consumed = world.issued(email="a@example.com")
    world.accepted(consumed)
    cancelled = world.issued(email="b@example.com")
    world.challenges.cancel(cancelled.challenge.key, now=NOW)
    exhausted = world.issued(email="c@example.com")
    for number in range(5):
        world.guess(exhausted, world.wrong_code(exhausted, number))
    expired = world.issued(email="d@example.com")
    before = world.state()

    assert resend(world, consumed) is Verdict.CONSUMED
    assert resend(world, cancelled) is Verdict.CANCELLED
    assert resend(world, exhausted) is Verdict.EXHAUSTED
    assert resend(world, expired, after=timedelta(seconds=300)) is Verdict.EXPIRED
    assert world.state() == before


@pytest.mark.parametrize("step", ["find", "ask_again"])
def test_without_the_table_nothing_is_sent_again(world: World, step: str) -> None:
    """A57."""
    issued = world.issued()
    before = world.state()
    world.challenges.line.cut.add(step)

    with pytest.raises(Unavailable):
        resend(world, issued)

    world.challenges.line.cut.clear()
    assert world.state() == before


def test_a_resend_whose_outbox_was_down_is_owed_and_comes_with_the_next(world: World) -> None:
    """A57."""
    issued = world.issued()
    world.delivering.deliver(issued.challenge_id.token, now=NOW)
    world.outbox.line.cut.add("put")
    with pytest.raises(Unavailable):
        resend(world, issued)
    world.outbox.line.cut.clear()

    resent(world, issued, after=2 * INTERVAL)
    world.delivering.deliver(issued.challenge_id.token, now=NOW + 2 * INTERVAL)

    assert world.standing(issued.challenge.key).mails_sent == 3
    assert len(world.mailer.sent) == 2


def test_the_fifth_mail_of_an_hour_is_the_last_whether_issued_or_sent_again(world: World) -> None:
    """A6."""
    issued = world.issued(purpose="recovery")
    for number in range(1, 5):
        resent(world, issued, after=number * timedelta(minutes=5))

    answer = resend(world, issued, after=timedelta(minutes=25))

    assert answer == RateLimited(limit=Limit.ADDRESS_HOUR, retry_after=timedelta(minutes=35))
