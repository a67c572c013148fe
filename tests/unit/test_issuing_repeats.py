"""The same request with the same Idempotency-Key finds the same challenge, whatever happened in between."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from otpost.challenge import Verdict
from otpost.errors import Unavailable
from otpost.issuing import Issued
from otpost.window import Limit, RateLimited
from tests.contract.samples import NOW
from tests.unit.world import KEYED, PAYMENT, POLICY, World, asking

HOUR = timedelta(hours=1)


def assert_repeated(world: World, first: Issued, *, after: timedelta, **changes: Any) -> Issued:
    """Ask again, and see that the standing challenge comes back and no window is touched."""
    before = world.challenges.state()

    again = world.issued(after=after, **KEYED | changes)

    assert again.repeated
    assert again.challenge_id == first.challenge_id
    assert again.challenge == world.standing(first.challenge.key)
    assert world.challenges.state() == before
    return again


def test_a_repeat_finds_the_same_challenge(world: World) -> None:
    first = world.issued(**KEYED)

    again = assert_repeated(world, first, after=timedelta(seconds=1))

    assert not first.repeated
    assert again.challenge == first.challenge


def test_a_repeat_outranks_the_window_that_the_first_request_filled(world: World) -> None:
    """A6: the store says that the challenge exists before any window may refuse."""
    first = world.issued(**KEYED)
    assert isinstance(world.issuing.issue(asking(), now=NOW), RateLimited)

    assert_repeated(world, first, after=timedelta())


@pytest.mark.parametrize("after", [timedelta(minutes=29), timedelta(minutes=31), timedelta(minutes=89)])
def test_a_repeat_finds_it_across_the_hour(world: World, after: timedelta) -> None:
    """NOW is half past: the key holds for this clock hour and the whole next one."""
    first = world.issued(**KEYED)

    assert_repeated(world, first, after=after)


def test_a_repeat_in_the_second_hour_is_a_new_request(world: World) -> None:
    first = world.issued(**KEYED)

    later = world.issued(after=timedelta(minutes=91), **KEYED)

    assert not later.repeated
    assert later.challenge.key != first.challenge.key


def test_a_slow_first_request_meets_its_own_repeat_in_the_hour_ahead(world: World) -> None:
    """A46: the repeat was served by a faster clock, in the next hour."""
    end = datetime(2026, 1, 31, 10, tzinfo=UTC)
    repeat = world.issuing.issue(asking(**KEYED), now=end)
    assert isinstance(repeat, Issued)

    late = world.issuing.issue(asking(**KEYED), now=end - timedelta(seconds=1))

    assert isinstance(late, Issued)
    assert late.repeated
    assert late.challenge_id == repeat.challenge_id
    assert len(world.challenges.all()) == 1


@pytest.mark.parametrize("after", [timedelta(seconds=1), timedelta(minutes=31)])
@pytest.mark.parametrize(("before", "then"), [(0, 20), (20, 0)])
def test_a_repeat_finds_it_when_the_streak_moved_the_code_length(
    world: World, before: int, then: int, after: timedelta
) -> None:
    world.fail(before)
    first = world.issued(**KEYED)
    if then:
        world.fail(then)
    else:
        world.identities.record_success(first.challenge.identity, verified_at=NOW)

    again = assert_repeated(world, first, after=after)

    assert again.challenge.code_length == (10 if before else 6)


def test_a_repeat_finds_it_when_the_identity_gets_no_more_codes(world: World) -> None:
    """A49: that the challenge exists outranks every refusal; another key is refused."""
    first = world.issued(**KEYED)
    world.fail(60)

    assert_repeated(world, first, after=timedelta(minutes=31))
    another = world.issuing.issue(asking(**KEYED | {"idempotency_key": "another-key-of-mine"}), now=NOW)
    assert isinstance(another, RateLimited)
    assert another.limit is Limit.FAILURE_STREAK


def test_a_repeat_finds_it_after_exhaustion(world: World) -> None:
    first = world.issued(**KEYED)
    for number in range(5):
        world.guess(first, world.wrong_code(first, number))

    again = assert_repeated(world, first, after=timedelta(seconds=9))

    assert again.challenge.over(NOW) is Verdict.EXHAUSTED


def test_a_repeat_finds_it_after_success_and_sends_nothing_more(world: World) -> None:
    first = world.issued(**KEYED)
    world.delivering.deliver(first.challenge_id.token, now=NOW)
    world.accepted(first)

    again = assert_repeated(world, first, after=timedelta(seconds=9))

    assert again.challenge.consumed_at == NOW
    assert world.outbox.tokens == [first.challenge_id.token]


def test_a_repeat_sends_the_id_again_while_its_mail_is_owed(world: World) -> None:
    """A57: the first request may have died between the table and the queue."""
    first = world.issued(**KEYED)

    assert_repeated(world, first, after=timedelta(seconds=1))

    assert world.outbox.tokens == [first.challenge_id.token] * 2


@pytest.mark.parametrize("way", ["cut", "lossy"])
def test_a_request_whose_outbox_was_down_is_completed_by_its_repeat(world: World, way: str) -> None:
    """A57: 503, nothing lost, one challenge."""
    getattr(world.outbox.line, way).add("put")
    with pytest.raises(Unavailable):
        world.issuing.issue(asking(**KEYED), now=NOW)
    getattr(world.outbox.line, way).clear()
    (standing,) = world.challenges.all()

    again = world.issued(after=timedelta(seconds=5), **KEYED)

    assert again.repeated
    assert world.challenges.all() == [standing]
    assert world.outbox.tokens[-1] == again.challenge_id.token


def test_a_request_whose_answer_was_lost_at_the_table_is_completed_by_its_repeat(world: World) -> None:
    """A57."""
    world.challenges.line.lossy.add("open")
    with pytest.raises(Unavailable):
        world.issuing.issue(asking(**KEYED), now=NOW)
    assert world.outbox.tokens == []
    world.challenges.line.lossy.clear()

    again = world.issued(after=timedelta(seconds=5), **KEYED)

    assert again.repeated
    assert len(world.challenges.all()) == 1
    assert world.outbox.tokens == [again.challenge_id.token]


def test_members_in_another_order_are_the_same_request(world: World) -> None:
    first = world.issued(**KEYED)

    assert_repeated(
        world, first, after=timedelta(seconds=1), transaction=dict(reversed(list(PAYMENT.items()))), source_ip=None
    )


def test_a_standing_challenge_keeps_its_terms_in_a_repeat_under_a_new_policy(world: World) -> None:
    first = world.issued(**KEYED)
    stricter = replace(world, policy=replace(POLICY, attempts=1))

    again = stricter.issued(after=timedelta(seconds=1), **KEYED)

    assert again.challenge == first.challenge


def test_a_repeat_of_a_request_that_was_refused_may_succeed_later(world: World) -> None:
    world.issued()
    refused = world.issuing.issue(asking(**KEYED), now=NOW)
    assert isinstance(refused, RateLimited)

    later = world.issued(after=refused.retry_after, **KEYED)

    assert not later.repeated
