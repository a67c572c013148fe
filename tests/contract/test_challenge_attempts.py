"""ChallengeStore.spend_attempt: the one write by which a code cannot be used twice or guessed past its limit."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from otpost.challenge import Challenge, Verdict
from otpost.challenge_id import ChallengeKey
from otpost.ports import ChallengeStore, Spent
from otpost.transaction import transaction_hash
from tests.contract.samples import (
    HASH,
    LIFE,
    MILLISECOND,
    NOW,
    PURPOSE,
    attempt,
    draw,
    new_key,
    opened,
)

OTHER_HASH = transaction_hash({"payee": "Eve"})
UNKNOWN = Spent(verdict=Verdict.UNKNOWN, challenge=None)
BOTH = pytest.mark.parametrize("correct", [True, False], ids=["right", "wrong"])


def spend(
    store: ChallengeStore,
    key: ChallengeKey,
    name: str,
    *,
    correct: bool,
    now: datetime = NOW,
    purpose: str = PURPOSE,
    bound_to: str = HASH,
) -> Spent:
    """Spend the attempt called *name*."""
    return store.spend_attempt(
        key, attempt_id=attempt(name), correct=correct, purpose=purpose, transaction_hash=bound_to, now=now
    )


def exhausted(store: ChallengeStore, *, allowed: int = 5) -> Challenge:
    """Return a challenge all of whose attempts went to wrong guesses, `0`, `1` and so on."""
    challenge = opened(store, attempts_allowed=allowed)
    for number in range(challenge.attempts_allowed):
        spend(store, challenge.key, str(number), correct=False)
    found = store.find(challenge.key)
    assert found is not None
    return found


def test_a_wrong_guess_is_counted_and_told(store: ChallengeStore) -> None:
    challenge = opened(store)

    spent = spend(store, challenge.key, "a", correct=False)

    after = replace(challenge, tries=frozenset({attempt("a")}))
    assert spent == Spent(verdict=Verdict.WRONG_CODE, challenge=after)
    assert after.attempts_left == 4
    assert store.find(challenge.key) == after


def test_a_right_guess_consumes_in_the_same_step(store: ChallengeStore) -> None:
    challenge = opened(store)

    spent = spend(store, challenge.key, "a", correct=True)

    after = replace(challenge, tries=frozenset({attempt("a")}), consumed_by=attempt("a"), consumed_at=NOW)
    assert spent == Spent(verdict=Verdict.ACCEPTED, challenge=after)
    assert store.find(challenge.key) == after


@BOTH
def test_an_unknown_challenge_stays_unknown(store: ChallengeStore, *, correct: bool) -> None:
    key = new_key()

    assert spend(store, key, "a", correct=correct) == UNKNOWN
    assert store.find(key) is None


@BOTH
@pytest.mark.parametrize(
    ("purpose", "bound_to"),
    [("recovery", HASH), (PURPOSE, OTHER_HASH), ("recovery", OTHER_HASH), ("", HASH), (PURPOSE, "")],
)
def test_what_a_challenge_was_not_issued_for_is_unknown_and_spends_nothing(
    store: ChallengeStore,
    *,
    correct: bool,
    purpose: str,
    bound_to: str,
) -> None:
    """A18, A24."""
    challenge = opened(store)

    spent = spend(store, challenge.key, "a", correct=correct, purpose=purpose, bound_to=bound_to)

    assert spent.verdict is Verdict.UNKNOWN
    assert store.find(challenge.key) == challenge


def test_a_challenge_for_a_transaction_is_unknown_without_it(store: ChallengeStore) -> None:
    """A24: a missing transaction counts as a different one."""
    challenge = opened(store, transaction={"payee": "Eve"}, transaction_hash=OTHER_HASH)

    without = spend(store, challenge.key, "a", correct=True)
    with_it = spend(store, challenge.key, "a", correct=True, bound_to=OTHER_HASH)

    assert without.verdict is Verdict.UNKNOWN
    assert with_it.verdict is Verdict.ACCEPTED


@BOTH
def test_the_last_instant_to_guess_is_the_one_before_expiry(
    store: ChallengeStore,
    *,
    correct: bool,
) -> None:
    """A11, A46."""
    in_time, too_late = opened(store), opened(store)

    last = spend(store, in_time.key, "a", correct=correct, now=NOW + LIFE - MILLISECOND)
    late = spend(store, too_late.key, "a", correct=correct, now=NOW + LIFE)

    assert last.verdict is (Verdict.ACCEPTED if correct else Verdict.WRONG_CODE)
    assert late == Spent(verdict=Verdict.EXPIRED, challenge=too_late)
    assert store.find(too_late.key) == too_late


@pytest.mark.parametrize("allowed", [1, 3, 5])
def test_after_the_last_attempt_no_guess_is_judged_any_more(store: ChallengeStore, allowed: int) -> None:
    """A1: the sixth guess fails, the right one included."""
    challenge = exhausted(store, allowed=allowed)

    right = spend(store, challenge.key, "the right one", correct=True)
    wrong = spend(store, challenge.key, "another", correct=False)

    assert right == Spent(verdict=Verdict.EXHAUSTED, challenge=challenge)
    assert wrong == Spent(verdict=Verdict.EXHAUSTED, challenge=challenge)
    assert store.find(challenge.key) == challenge
    assert len(challenge.tries) == allowed


def test_the_last_attempt_may_be_the_right_one(store: ChallengeStore) -> None:
    challenge = opened(store)
    for number in range(4):
        spend(store, challenge.key, str(number), correct=False)

    assert spend(store, challenge.key, "4", correct=True).verdict is Verdict.ACCEPTED


def test_a_repeated_wrong_attempt_is_counted_once(store: ChallengeStore) -> None:
    challenge = opened(store)

    answers = [spend(store, challenge.key, "a", correct=False) for _ in range(10)]

    assert {answer.verdict for answer in answers} == {Verdict.WRONG_CODE}
    after = replace(challenge, tries=frozenset({attempt("a")}))
    assert store.find(challenge.key) == after


def test_an_attempt_that_was_counted_may_be_asked_again_when_none_is_left(store: ChallengeStore) -> None:
    challenge = exhausted(store)

    for number in range(5):
        assert spend(store, challenge.key, str(number), correct=False) == Spent(
            verdict=Verdict.WRONG_CODE, challenge=challenge
        )
    assert store.find(challenge.key) == challenge


@pytest.mark.parametrize("later", [timedelta(), timedelta(seconds=10), timedelta(milliseconds=299_999)])
def test_an_own_success_may_be_asked_again_for_300_seconds(store: ChallengeStore, later: timedelta) -> None:
    challenge = opened(store)
    first = spend(store, challenge.key, "a", correct=True)

    again = spend(store, challenge.key, "a", correct=True, now=NOW + later)

    assert again == first  # consumed_at included: the receipt is the same
    assert store.find(challenge.key) == first.challenge


def test_an_own_success_is_answered_after_expiry_too(store: ChallengeStore) -> None:
    challenge = opened(store)
    at = NOW + LIFE - MILLISECOND
    first = spend(store, challenge.key, "a", correct=True, now=at)

    assert spend(store, challenge.key, "a", correct=True, now=at + timedelta(seconds=200)) == first


def test_an_own_success_on_the_last_attempt_may_be_asked_again(store: ChallengeStore) -> None:
    challenge = opened(store, attempts_allowed=1)
    first = spend(store, challenge.key, "a", correct=True)

    assert spend(store, challenge.key, "a", correct=True) == first


def test_from_300_seconds_on_an_own_success_is_consumed_like_any_other(store: ChallengeStore) -> None:
    """A10."""
    challenge = opened(store)
    spend(store, challenge.key, "a", correct=True)
    before = store.find(challenge.key)

    answer = spend(store, challenge.key, "a", correct=True, now=NOW + timedelta(seconds=300))

    assert answer == Spent(verdict=Verdict.CONSUMED, challenge=before)
    assert store.find(challenge.key) == before


@BOTH
def test_a_consumed_challenge_is_consumed_for_everybody_else(
    store: ChallengeStore,
    *,
    correct: bool,
) -> None:
    """A10."""
    challenge = opened(store)
    spend(store, challenge.key, "a", correct=True)
    before = store.find(challenge.key)

    answer = spend(store, challenge.key, "b", correct=correct)

    assert answer == Spent(verdict=Verdict.CONSUMED, challenge=before)
    assert store.find(challenge.key) == before


def test_a_wrong_guess_of_before_is_not_judged_again_after_the_success_of_another(store: ChallengeStore) -> None:
    challenge = opened(store)
    spend(store, challenge.key, "wrong", correct=False)
    spend(store, challenge.key, "right", correct=True)

    assert spend(store, challenge.key, "wrong", correct=False).verdict is Verdict.CONSUMED


def test_an_own_success_for_another_purpose_is_unknown(store: ChallengeStore) -> None:
    """A18."""
    challenge = opened(store)
    spend(store, challenge.key, "a", correct=True)

    assert spend(store, challenge.key, "a", correct=True, purpose="recovery").verdict is Verdict.UNKNOWN
    assert spend(store, challenge.key, "a", correct=True, bound_to=OTHER_HASH).verdict is Verdict.UNKNOWN


@BOTH
def test_a_cancelled_challenge_judges_nothing(store: ChallengeStore, *, correct: bool) -> None:
    challenge = opened(store)
    spend(store, challenge.key, "before", correct=False)
    store.cancel(challenge.key, now=NOW)
    before = store.find(challenge.key)

    new = spend(store, challenge.key, "a", correct=correct)
    counted = spend(store, challenge.key, "before", correct=False)

    assert new == Spent(verdict=Verdict.CANCELLED, challenge=before)
    assert counted == Spent(verdict=Verdict.CANCELLED, challenge=before)
    assert store.find(challenge.key) == before


@BOTH
def test_a_counted_attempt_is_not_judged_after_expiry(
    store: ChallengeStore,
    *,
    correct: bool,
) -> None:
    open_still, exhausted_too = opened(store), exhausted(store)
    spend(store, open_still.key, "0", correct=False)

    for challenge in (open_still, exhausted_too):
        answer = spend(store, challenge.key, "0", correct=correct, now=NOW + LIFE)
        assert answer.verdict is Verdict.EXPIRED


@BOTH
def test_of_several_reasons_the_first_of_the_published_order_is_told(
    store: ChallengeStore,
    *,
    correct: bool,
) -> None:
    """Mismatch, consumed, cancelled, exhausted, expired."""
    late = NOW + timedelta(seconds=301)
    consumed, cancelled, spent_up = opened(store, attempts_allowed=1), exhausted(store), exhausted(store)
    spend(store, consumed.key, "theirs", correct=True)
    store.cancel(cancelled.key, now=NOW)

    verdicts = [
        spend(store, consumed.key, "a", correct=correct, now=late, purpose="recovery").verdict,
        spend(store, consumed.key, "a", correct=correct, now=late).verdict,
        spend(store, cancelled.key, "a", correct=correct, now=late).verdict,
        spend(store, spent_up.key, "a", correct=correct, now=late).verdict,
    ]

    assert verdicts == [Verdict.UNKNOWN, Verdict.CONSUMED, Verdict.CANCELLED, Verdict.EXHAUSTED]


def test_a_resend_gives_a_challenge_more_time_but_no_more_attempts(store: ChallengeStore) -> None:
    """A2."""
    challenge = opened(store)
    for number in range(4):
        spend(store, challenge.key, str(number), correct=False)
    resent = replace(challenge, expires_at=NOW + 2 * LIFE)
    store.ask_again(resent, draw=draw(), now=NOW)

    last = spend(store, challenge.key, "4", correct=False, now=NOW + 2 * LIFE - MILLISECOND)
    too_many = spend(store, challenge.key, "5", correct=True, now=NOW + 2 * LIFE - MILLISECOND)

    assert last.verdict is Verdict.WRONG_CODE
    assert too_many.verdict is Verdict.EXHAUSTED
