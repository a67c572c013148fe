"""Issue a challenge: what it holds, what goes into the outbox, what refuses it."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from otpost.challenge_id import ChallengeId, hour_of
from otpost.errors import Unavailable
from otpost.issuing import LOCKED_RETRY_AFTER, Issued
from otpost.policy import Terms
from otpost.transaction import transaction_hash
from otpost.window import Limit, RateLimited
from tests.contract.samples import MILLISECOND, NOW
from tests.fakes.line import Line
from tests.unit.world import IDEMPOTENCY_KEY, PAYMENT, POLICY, REGION, World, asking

AFTER_AN_INTERVAL = timedelta(seconds=30)


def test_a_challenge_holds_what_was_asked_for_and_what_the_policy_gives(world: World) -> None:
    issued = world.issued(
        email="Ada+x@Example.com", purpose="recovery", transaction=PAYMENT, nonce="n-1", locale="pt-BR"
    )

    challenge = issued.challenge
    assert (challenge.email, challenge.purpose, challenge.nonce) == ("Ada+x@example.com", "recovery", "n-1")
    assert (challenge.transaction, challenge.transaction_hash) == (PAYMENT, transaction_hash(PAYMENT))
    assert (challenge.locale, challenge.code_length, challenge.attempts_allowed) == ("pt-BR", 6, 5)
    assert (challenge.issued_at, challenge.life) == (NOW, timedelta(seconds=600))
    assert challenge.expires_at == NOW + timedelta(seconds=600)
    assert challenge.latest == NOW + timedelta(days=1)
    assert challenge.resend_at == NOW + AFTER_AN_INTERVAL
    assert (challenge.mails_asked, challenge.mails_sent, challenge.tries) == (1, 0, frozenset())
    assert not issued.repeated
    assert world.challenges.all() == [challenge]


@pytest.mark.parametrize("purpose", POLICY.purposes)
def test_a_challenge_lives_as_long_as_its_purpose(world: World, purpose: str) -> None:
    """A46."""
    challenge = world.issued(purpose=purpose).challenge

    assert challenge.life == POLICY.purposes[purpose].life
    assert challenge.expires_at - challenge.issued_at == POLICY.purposes[purpose].life
    assert challenge.latest - challenge.issued_at == POLICY.purposes[purpose].maximum


def test_an_id_names_its_region_hour_and_code_length(world: World) -> None:
    issued = world.issued()

    assert ChallengeId.parse(issued.challenge_id.token, region=REGION, now=NOW) == issued.challenge_id
    assert issued.challenge_id.code_length == issued.challenge.code_length
    assert issued.challenge.key == issued.challenge_id.key


@pytest.mark.parametrize("failures", [0, 20])
def test_a_keyed_id_names_the_code_length_of_its_challenge_too(world: World, failures: int) -> None:
    world.fail(failures)

    issued = world.issued(idempotency_key=IDEMPOTENCY_KEY)

    assert issued.challenge_id.hour == hour_of(NOW)
    assert issued.challenge_id.code_length == issued.challenge.code_length == (10 if failures else 6)
    assert issued.challenge.key == issued.challenge_id.key


def test_only_the_id_goes_into_the_outbox(world: World) -> None:
    """A16."""
    issued = world.issued()

    assert world.outbox.tokens == [issued.challenge_id.token]


def test_nothing_that_is_stored_tells_the_id_or_the_code(world: World) -> None:
    """A14: not even guessing by plain or salted hashes of every code."""
    issued = world.issued()
    digits = world.code(issued).digits

    stored = repr([[getattr(each, name) for name in each.__slots__] for each in world.challenges.all()])

    assert issued.challenge_id.token not in stored
    assert issued.challenge_id.entropy.hex() not in stored
    assert digits not in stored
    assert hashlib.sha256(digits.encode()).hexdigest() not in stored


def test_requests_without_a_key_get_challenges_of_their_own(world: World) -> None:
    """A4: a new challenge does not void an older one."""
    first = world.issued()
    second = world.issued(after=AFTER_AN_INTERVAL)

    assert first.challenge.key != second.challenge.key
    world.accepted(first, after=timedelta(seconds=40))
    world.accepted(second, after=timedelta(seconds=40))


def test_two_addresses_have_two_identities_and_one_has_one(world: World) -> None:
    ada = world.issued(email="ada@example.com").challenge
    upper = world.issued(email="ADA@example.com", after=AFTER_AN_INTERVAL).challenge
    plus = world.issued(email="ada+x@example.com", after=2 * AFTER_AN_INTERVAL).challenge
    eve = world.issued(email="eve@example.com").challenge

    assert ada.identity == upper.identity
    assert len({ada.identity, plus.identity, eve.identity}) == 3
    assert ada.window == upper.window == plus.window != eve.window


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


def cut(line: Callable[[World], Line], step: str) -> Callable[[World], None]:
    return lambda world: line(world).cut.add(step)


@pytest.mark.parametrize(
    "broken",
    [
        cut(lambda world: world.identity_key.line, "key"),
        cut(lambda world: world.identities.line, "failures"),
        cut(lambda world: world.challenges.line, "open"),
    ],
    ids=["no key", "no streak", "no table"],
)
def test_without_a_dependency_nothing_is_issued(world: World, broken: Callable[[World], None]) -> None:
    """A57: no streak read, no limits counted, no challenge."""
    before = world.state()
    broken(world)

    with pytest.raises(Unavailable):
        world.issuing.issue(asking(), now=NOW)

    assert world.state() == before
