"""Many guesses at one time, on the fake and on the real store.

What this proves: the outcome does not depend on the order in which requests arrive, and the store's own code shares no
state between threads. What it does not prove: that DynamoDB orders the writes, because here a lock does. moto alone
loses races, so the wire lets one request through at a time. Only races on DynamoDB Local say something about DynamoDB.
"""

import secrets
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from otpost.challenge import Challenge, Verdict
from otpost.ports import ChallengeStore, NoMail, Opened
from otpost.window import RateLimited
from tests.contract.samples import HASH, NOW, PURPOSE, attempt, draw, new_challenge, opened

THREADS = 64


def at_once[Answer](act: Callable[[int], Answer]) -> list[Answer]:
    """Return what *act* answers to each number, all asked at the same moment."""
    start = threading.Barrier(THREADS)

    def run(number: int) -> Answer:
        start.wait()
        return act(number)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(run, range(THREADS)))


def guess(store: ChallengeStore, challenge: Challenge, number: int, *, correct: bool) -> Verdict:
    """Make the guess of one thread, an attempt of its own."""
    return store.spend_attempt(
        challenge.key,
        attempt_id=attempt(str(number)),
        correct=correct,
        purpose=PURPOSE,
        transaction_hash=HASH,
        now=NOW,
    ).verdict


def test_of_many_right_guesses_one_is_accepted(store: ChallengeStore) -> None:
    """A3."""
    challenge = opened(store)

    answers = at_once(lambda number: guess(store, challenge, number, correct=True))

    assert Counter(answers) == {Verdict.ACCEPTED: 1, Verdict.CONSUMED: THREADS - 1}


@pytest.mark.parametrize("allowed", [1, 3, 5])
def test_no_more_wrong_guesses_are_revealed_than_allowed(store: ChallengeStore, allowed: int) -> None:
    """A3."""
    challenge = opened(store, attempts_allowed=allowed)

    answers = at_once(lambda number: guess(store, challenge, number, correct=False))

    assert Counter(answers) == {Verdict.WRONG_CODE: allowed, Verdict.EXHAUSTED: THREADS - allowed}


def test_one_right_guess_among_wrong_ones_is_accepted_at_most_once(store: ChallengeStore) -> None:
    """A3: what is revealed is at most five guesses and one success."""
    challenge = opened(store)

    answers = Counter(at_once(lambda number: guess(store, challenge, number, correct=number % 8 == 0)))

    assert answers[Verdict.ACCEPTED] <= 1
    assert answers[Verdict.ACCEPTED] + answers[Verdict.WRONG_CODE] <= 5
    assert answers.keys() <= {Verdict.ACCEPTED, Verdict.WRONG_CODE, Verdict.CONSUMED, Verdict.EXHAUSTED}


def test_one_attempt_repeated_by_all_is_one_attempt(store: ChallengeStore) -> None:
    challenge = opened(store)

    answers = at_once(
        lambda _: store.spend_attempt(
            challenge.key, attempt_id=attempt("a"), correct=True, purpose=PURPOSE, transaction_hash=HASH, now=NOW
        )
    )

    assert {answer.verdict for answer in answers} == {Verdict.ACCEPTED}
    assert {answer.challenge.consumed_at for answer in answers if answer.challenge} == {NOW}


def test_one_issue_repeated_by_all_is_one_challenge(store: ChallengeStore) -> None:
    challenge = new_challenge()

    answers = at_once(lambda _: store.open(challenge, siblings=frozenset(), draw=draw(), now=NOW))

    assert Counter(isinstance(answer, Opened) and answer.repeated for answer in answers) == {
        False: 1,
        True: THREADS - 1,
    }


def test_of_many_issues_for_one_address_one_is_opened(store: ChallengeStore) -> None:
    """A6."""
    answers = at_once(lambda _: store.open(new_challenge(), siblings=frozenset(), draw=draw(), now=NOW))

    assert Counter(type(answer) for answer in answers) == {Opened: 1, RateLimited: THREADS - 1}


def test_of_many_workers_one_has_the_lease(store: ChallengeStore) -> None:
    """A49."""
    challenge = opened(store)

    answers = at_once(
        lambda _: store.lease_mail(
            challenge.key, lease_id=secrets.token_bytes(16), until=NOW + timedelta(seconds=15), now=NOW
        )
    )

    assert answers.count(NoMail.HELD) == THREADS - 1


def test_a_cancellation_and_a_success_exclude_each_other(store: ChallengeStore) -> None:
    challenge = opened(store)

    answers = at_once(
        lambda number: (
            store.cancel(challenge.key, now=NOW) if number % 2 else guess(store, challenge, number, correct=True)
        )
    )

    winners = set(answers) & {Verdict.ACCEPTED}
    found = store.find(challenge.key)
    assert found is not None
    assert bool(winners) == (found.consumed_at is not None)
    assert (found.consumed_at is None) != (found.cancelled_at is None)
