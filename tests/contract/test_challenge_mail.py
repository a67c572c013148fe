"""ChallengeStore.lease_mail, record_sent and record_undeliverable: who may send which mail, and how far it came."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from otpost.challenge import Challenge, Delivery
from otpost.ports import ChallengeStore, NoMail
from tests.contract.samples import HASH, LIFE, MILLISECOND, NOW, PURPOSE, attempt, draw, new_key, opened

LEASE = timedelta(seconds=15)


def lease(
    store: ChallengeStore, challenge: Challenge, *, after: timedelta = timedelta(), by: bytes | None = None
) -> Challenge | NoMail:
    """Try to take the lease that long after the issue, as a worker of its own."""
    lease_id = by or secrets.token_bytes(16)
    return store.lease_mail(challenge.key, lease_id=lease_id, until=NOW + after + LEASE, now=NOW + after)


def ask_again(store: ChallengeStore, challenge: Challenge, *, after: timedelta = timedelta()) -> None:
    """Ask for one more mail; the challenge ends no later for it."""
    assert store.ask_again(challenge, draw=draw(address=new_key()), now=NOW + after) is None


def spend(store: ChallengeStore, challenge: Challenge, name: str, *, correct: bool) -> None:
    store.spend_attempt(
        challenge.key, attempt_id=attempt(name), correct=correct, purpose=PURPOSE, transaction_hash=HASH, now=NOW
    )


def test_a_new_challenge_owes_a_mail(store: ChallengeStore) -> None:
    challenge = opened(store)

    assert lease(store, challenge) == challenge


def test_only_one_worker_at_a_time_has_the_lease(store: ChallengeStore) -> None:
    """A49."""
    challenge = opened(store)
    lease(store, challenge)

    assert lease(store, challenge) is NoMail.HELD
    assert lease(store, challenge, after=LEASE - MILLISECOND) is NoMail.HELD


def test_a_lease_ends_with_its_last_instant(store: ChallengeStore) -> None:
    challenge = opened(store)
    lease(store, challenge)

    assert lease(store, challenge, after=LEASE) == challenge
    assert lease(store, challenge, after=LEASE) is NoMail.HELD


def test_a_lease_that_is_asked_for_again_is_the_same_lease(store: ChallengeStore) -> None:
    """A49: its first answer may have been lost; it counts once."""
    challenge = opened(store)

    assert [lease(store, challenge, by=b"mine") for _ in range(3)] == [challenge] * 3
    assert lease(store, challenge) is NoMail.HELD
    assert lease(store, challenge, after=LEASE) == challenge


def test_a_mail_is_handed_over_twice_at_the_most(store: ChallengeStore) -> None:
    """A6, A49: one that the windows counted once must not become many while nobody knows whether it arrived."""
    challenge = opened(store)
    for number in range(2):
        assert lease(store, challenge, after=LEASE * number) == challenge

    assert lease(store, challenge, after=LEASE * 2) is NoMail.GIVEN_UP


def test_a_resend_may_be_handed_over_twice_more(store: ChallengeStore) -> None:
    challenge = opened(store)
    for number in range(2):
        lease(store, challenge, after=LEASE * number)
    ask_again(store, challenge, after=LEASE * 2)

    said = [lease(store, challenge, after=LEASE * number) for number in (2, 3, 4)]

    assert said == [replace(challenge, mails_asked=2)] * 2 + [NoMail.GIVEN_UP]


def test_a_lease_that_is_given_back_was_none(store: ChallengeStore) -> None:
    challenge = opened(store)
    for _ in range(5):
        assert lease(store, challenge, by=b"mine") == challenge
        store.give_back(challenge.key, lease_id=b"mine")

    assert lease(store, challenge) == challenge


def test_only_the_holder_can_give_a_lease_back(store: ChallengeStore) -> None:
    challenge = opened(store)
    lease(store, challenge, by=b"first")
    lease(store, challenge, by=b"second", after=LEASE)

    for other in (b"first", b"stranger"):
        store.give_back(challenge.key, lease_id=other)
    store.give_back(new_key(), lease_id=b"second")

    assert lease(store, challenge, after=LEASE) is NoMail.HELD


def test_a_mail_that_was_sent_is_not_owed_any_more(store: ChallengeStore) -> None:
    """A49."""
    challenge = opened(store)
    lease(store, challenge)

    store.record_sent(challenge.key, mails=1)

    assert store.find(challenge.key) == replace(challenge, mails_sent=1, delivery=Delivery.SENT)
    assert lease(store, challenge) is NoMail.NOTHING_TO_DO


def test_a_recorded_mail_gives_the_lease_back(store: ChallengeStore) -> None:
    challenge = opened(store)
    lease(store, challenge)
    store.record_sent(challenge.key, mails=1)
    ask_again(store, challenge)

    leased = lease(store, challenge)

    assert leased == replace(challenge, mails_asked=2, mails_sent=1)


def test_several_mails_asked_for_at_once_are_owed_as_one(store: ChallengeStore) -> None:
    challenge = opened(store)
    ask_again(store, challenge)
    ask_again(store, challenge)

    leased = lease(store, challenge)
    store.record_sent(challenge.key, mails=3)

    assert leased == replace(challenge, mails_asked=3)
    assert lease(store, challenge) is NoMail.NOTHING_TO_DO


def test_a_mail_asked_for_during_the_sending_stays_owed(store: ChallengeStore) -> None:
    challenge = opened(store)
    lease(store, challenge)
    ask_again(store, challenge)

    store.record_sent(challenge.key, mails=1)

    assert lease(store, challenge) == replace(challenge, mails_asked=2, mails_sent=1, delivery=Delivery.SENT)


@pytest.mark.parametrize("mails", [1, 2])
def test_what_was_sent_never_goes_back(store: ChallengeStore, mails: int) -> None:
    challenge = opened(store)
    ask_again(store, challenge)
    store.record_sent(challenge.key, mails=2)
    before = store.find(challenge.key)

    store.record_sent(challenge.key, mails=mails)
    store.record_undeliverable(challenge.key, mails=mails)

    assert store.find(challenge.key) == before


def test_a_late_record_leaves_the_lease_of_the_next_worker_alone(store: ChallengeStore) -> None:
    """A49: a worker that recorded its mail twice must not open the door to a third sender."""
    challenge = opened(store)
    store.record_sent(challenge.key, mails=1)
    ask_again(store, challenge)
    lease(store, challenge)

    store.record_sent(challenge.key, mails=1)

    assert lease(store, challenge) is NoMail.HELD


def test_a_mail_that_is_refused_for_good_is_not_owed_any_more(store: ChallengeStore) -> None:
    challenge = opened(store)
    lease(store, challenge)

    store.record_undeliverable(challenge.key, mails=1)

    assert store.find(challenge.key) == replace(challenge, mails_sent=1, delivery=Delivery.FAILED)
    assert lease(store, challenge) is NoMail.NOTHING_TO_DO


def test_a_resend_after_a_refused_mail_is_owed(store: ChallengeStore) -> None:
    challenge = opened(store)
    store.record_undeliverable(challenge.key, mails=1)
    ask_again(store, challenge)

    assert lease(store, challenge) == replace(challenge, mails_asked=2, mails_sent=1, delivery=Delivery.QUEUED)


def consumed(store: ChallengeStore, challenge: Challenge) -> None:
    spend(store, challenge, "right", correct=True)


def cancelled(store: ChallengeStore, challenge: Challenge) -> None:
    store.cancel(challenge.key, now=NOW)


def exhausted(store: ChallengeStore, challenge: Challenge) -> None:
    for number in range(challenge.attempts_allowed):
        spend(store, challenge, str(number), correct=False)


@pytest.mark.parametrize("over", [consumed, cancelled, exhausted])
def test_a_challenge_that_is_over_owes_nothing(
    store: ChallengeStore, over: Callable[[ChallengeStore, Challenge], None]
) -> None:
    challenge = opened(store)
    over(store, challenge)
    before = store.find(challenge.key)

    assert lease(store, challenge) is NoMail.NOTHING_TO_DO
    assert store.find(challenge.key) == before


def test_what_has_expired_is_never_mailed(store: ChallengeStore) -> None:
    """A49."""
    in_time, too_late = opened(store), opened(store)

    assert lease(store, in_time, after=LIFE - MILLISECOND) == in_time
    assert lease(store, too_late, after=LIFE) is NoMail.NOTHING_TO_DO


def test_a_lease_that_is_held_on_an_expired_challenge_is_nothing_to_do(store: ChallengeStore) -> None:
    challenge = opened(store)
    lease(store, challenge, after=LIFE - MILLISECOND)

    assert lease(store, challenge, after=LIFE) is NoMail.NOTHING_TO_DO


def test_an_unknown_challenge_owes_nothing_and_is_not_made(store: ChallengeStore) -> None:
    key = new_key()

    assert store.lease_mail(key, lease_id=b"lease", until=NOW + LEASE, now=NOW) is NoMail.NOTHING_TO_DO
    store.record_sent(key, mails=1)
    store.record_undeliverable(key, mails=1)

    assert store.find(key) is None
