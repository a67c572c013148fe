"""ChallengeStore.cancel and find."""

from dataclasses import replace
from datetime import timedelta

from otpost.challenge import Verdict
from otpost.ports import ChallengeStore
from tests.contract.samples import HASH, LIFE, NOW, PURPOSE, attempt, new_key, opened


def test_an_open_challenge_is_cancelled(store: ChallengeStore) -> None:
    challenge = opened(store)
    at = NOW + timedelta(seconds=5)

    assert store.cancel(challenge.key, now=at) is Verdict.CANCELLED
    assert store.find(challenge.key) == replace(challenge, cancelled_at=at)


def test_to_cancel_again_changes_nothing(store: ChallengeStore) -> None:
    challenge = opened(store)
    store.cancel(challenge.key, now=NOW)

    again = store.cancel(challenge.key, now=NOW + timedelta(seconds=5))

    assert again is Verdict.CANCELLED
    assert store.find(challenge.key) == replace(challenge, cancelled_at=NOW)


def test_an_expired_challenge_can_be_cancelled(store: ChallengeStore) -> None:
    challenge = opened(store)

    assert store.cancel(challenge.key, now=NOW + LIFE) is Verdict.CANCELLED


def test_a_consumed_challenge_stays_consumed(store: ChallengeStore) -> None:
    challenge = opened(store)
    store.spend_attempt(
        challenge.key, attempt_id=attempt("a"), correct=True, purpose=PURPOSE, transaction_hash=HASH, now=NOW
    )
    before = store.find(challenge.key)

    assert store.cancel(challenge.key, now=NOW) is Verdict.CONSUMED
    assert store.find(challenge.key) == before


def test_an_unknown_challenge_is_not_made_by_cancelling_it(store: ChallengeStore) -> None:
    key = new_key()

    assert store.cancel(key, now=NOW) is Verdict.UNKNOWN
    assert store.find(key) is None


def test_a_challenge_is_found_after_its_expiry(store: ChallengeStore) -> None:
    """A11: expiry is compared, an item that is still there proves nothing."""
    challenge = opened(store, at=NOW - timedelta(days=3))

    assert store.find(challenge.key) == challenge
