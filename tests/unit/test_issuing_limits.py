"""What refuses a challenge: windows and the failure streak, and nothing is taken by a refusal."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from otpost.issuing import LOCKED_RETRY_AFTER, Issued
from otpost.policy import Terms
from otpost.window import Limit, RateLimited
from tests.contract.samples import MILLISECOND, NOW
from tests.unit.world import POLICY, World, asking

AFTER_AN_INTERVAL = timedelta(seconds=30)


def refused(world: World, limit: Limit, **changes: Any) -> RateLimited:
    """Ask, and see that the refusal changes nothing."""
    before = world.state()

    answer = world.issuing.issue(asking(**changes), now=NOW)

    assert isinstance(answer, RateLimited)
    assert answer.limit is limit
    assert world.state() == before
    return answer


@pytest.mark.parametrize("alias", ["ada@example.com", "ADA@example.com", "ada+1@example.com", "ada+2@EXAMPLE.com"])
def test_aliases_of_an_address_share_its_window(world: World, alias: str) -> None:
    """A6."""
    world.issued(email="ada+0@example.com")

    answer = refused(world, Limit.ADDRESS_INTERVAL, email=alias)

    assert answer.retry_after == AFTER_AN_INTERVAL


def test_gmail_dots_share_a_window(world: World) -> None:
    """A6."""
    world.issued(email="ada.lovelace@gmail.com")

    refused(world, Limit.ADDRESS_INTERVAL, email="a.d.a.lovelace+news@googlemail.com")


def test_a_hundred_requests_cause_five_mails_an_hour_and_ten_a_day(world: World) -> None:
    """A6."""
    seconds = [0] * 4 + [number * 36 for number in range(100)] + [number * 1800 for number in range(2, 47)]

    for second in sorted(seconds):
        world.issuing.issue(asking(email=f"ada+{second}@example.com"), now=NOW + timedelta(seconds=second))

    hour = [each for each in world.challenges.all() if each.issued_at < NOW + timedelta(hours=1)]
    assert len(hour) == 5
    assert len(world.challenges.all()) == len(world.outbox.tokens) == 10


def test_a_source_shares_one_budget_over_all_addresses(world: World) -> None:
    """A7, A42."""
    few = replace(world, policy=replace(POLICY, windows=replace(POLICY.windows, source_hour=3)))
    for number in range(3):
        few.issued(email=f"a{number}@example.com", source_ip=f"2001:db8::{number}")

    refused(few, Limit.SOURCE_HOUR, email="b@example.com", source_ip="2001:db8::ffff")
    few.issued(email="b@example.com", source_ip="2001:db8:0:1::1")


def test_two_thousand_addresses_cause_no_more_mails_than_the_stack_may_send(world: World) -> None:
    """A7: without a source, the stack's day is what is left."""
    small = replace(world, policy=replace(POLICY, windows=replace(POLICY.windows, stack_day=160)))

    answers = [small.issuing.issue(asking(email=f"a{number}@example.com"), now=NOW) for number in range(2000)]

    assert len(small.outbox.tokens) == len(small.challenges.all()) == 160
    limits = {answer.limit for answer in answers if isinstance(answer, RateLimited)}
    assert limits == {Limit.STACK_DAY}


def test_a_refused_caller_is_let_in_when_it_was_told(world: World) -> None:
    world.issued()
    answer = refused(world, Limit.ADDRESS_INTERVAL)

    early = world.issuing.issue(asking(), now=NOW + answer.retry_after - MILLISECOND)
    on_time = world.issuing.issue(asking(), now=NOW + answer.retry_after)

    assert isinstance(early, RateLimited)
    assert isinstance(on_time, Issued)


@pytest.mark.parametrize(
    ("failures", "terms"),
    [
        (0, Terms(code_length=6, attempts=5)),
        (19, Terms(code_length=6, attempts=5)),
        (20, Terms(code_length=10, attempts=3)),
        (59, Terms(code_length=10, attempts=3)),
    ],
)
def test_a_streak_of_failures_makes_codes_longer_and_attempts_fewer(world: World, failures: int, terms: Terms) -> None:
    """A2."""
    world.fail(failures)

    issued = world.issued()

    assert (issued.challenge.code_length, issued.challenge.attempts_allowed) == (terms.code_length, terms.attempts)
    assert issued.challenge_id.code_length == terms.code_length
    assert len(world.code(issued).digits) == terms.code_length


@pytest.mark.parametrize("failures", [60, 61, 95])
def test_from_sixty_failures_an_identity_gets_no_challenge(world: World, failures: int) -> None:
    """A2: NIST SP 800-63B-4 §3.1.3.2."""
    world.fail(failures)

    answer = refused(world, Limit.FAILURE_STREAK)

    assert answer.retry_after == LOCKED_RETRY_AFTER == timedelta(days=1)
    assert isinstance(world.issued(email="eve@example.com"), Issued)
