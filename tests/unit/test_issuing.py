"""Issue a challenge: what it holds, what goes into the outbox, what refuses it."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest

from otpost.challenge_id import ChallengeId, hour_of
from otpost.errors import Unavailable
from otpost.transaction import transaction_hash
from tests.contract.samples import NOW
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
