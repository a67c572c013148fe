"""Steps whose answer was lost after they happened. Each is safe to repeat (otpost.ports).

Once: the client's own second try meets its first. Twice: the caller hears `Unavailable` and sends the request again.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from otpost.aws.challenges import DynamoChallenges
from otpost.aws.identities import DynamoIdentities
from otpost.challenge import Challenge, Delivery, Verdict
from otpost.errors import Unavailable
from otpost.ports import ChallengeStore, IdentityStore, NoMail, Opened, Spent
from otpost.window import Limit, RateLimited
from tests.backends import faults
from tests.backends.account import Account
from tests.backends.wire import Fault
from tests.contract.samples import HASH, MILLISECOND, NOW, PURPOSE, attempt, draw, new_challenge, opened
from tests.fakes.challenges import MemoryChallenges
from tests.fakes.identities import MemoryIdentities

LATER = NOW + timedelta(seconds=7)

type Losing = Callable[[Callable[[], object], str], None]
"""Takes a step, called by the name of its method, whose answer is lost."""


def lost_in(store: MemoryChallenges | MemoryIdentities, step: Callable[[], object], name: str) -> None:
    store.line.lossy.add(name)
    with pytest.raises(Unavailable):
        step()
    store.line.lossy.discard(name)


def lost_on_the_way(account: Account, step: Callable[[], object]) -> None:
    with account.wire.failing("dynamodb", faults.lost_response), pytest.raises(Unavailable):
        step()


@pytest.fixture
def losing(request: pytest.FixtureRequest, store: ChallengeStore) -> Losing:
    """Return what takes a step of *store* and loses the answer."""
    if isinstance(store, MemoryChallenges):
        return lambda step, name: lost_in(store, step, name)
    account: Account = request.getfixturevalue("account")
    return lambda step, _: lost_on_the_way(account, step)


def spend(
    store: ChallengeStore, challenge: Challenge, name: str, *, correct: bool, later: timedelta = timedelta()
) -> Spent:
    return store.spend_attempt(
        challenge.key,
        attempt_id=attempt(name),
        correct=correct,
        purpose=PURPOSE,
        transaction_hash=HASH,
        now=NOW + later,
    )


def test_a_success_whose_answer_was_lost_is_found_again(store: ChallengeStore, losing: Losing) -> None:
    """Lost successes: 0. The receipt of the repeat says when it was consumed, not when it was asked again."""
    challenge = opened(store)
    losing(lambda: spend(store, challenge, "a", correct=True), "spend_attempt")

    again = spend(store, challenge, "a", correct=True, later=timedelta(seconds=120))

    consumed = replace(challenge, tries=frozenset({attempt("a")}), consumed_by=attempt("a"), consumed_at=NOW)
    assert again == Spent(verdict=Verdict.ACCEPTED, challenge=consumed)


def test_a_success_whose_answer_was_lost_too_long_is_consumed(store: ChallengeStore, losing: Losing) -> None:
    challenge = opened(store)
    losing(lambda: spend(store, challenge, "a", correct=True), "spend_attempt")

    in_time = spend(store, challenge, "a", correct=True, later=timedelta(seconds=300) - MILLISECOND)
    too_late = spend(store, challenge, "a", correct=True, later=timedelta(seconds=300))

    assert in_time.verdict is Verdict.ACCEPTED
    assert too_late.verdict is Verdict.CONSUMED


def test_a_wrong_guess_whose_answer_was_lost_burns_one_attempt(store: ChallengeStore, losing: Losing) -> None:
    challenge = opened(store)
    for _ in range(8):
        losing(lambda: spend(store, challenge, "a", correct=False), "spend_attempt")

    again = spend(store, challenge, "a", correct=False)

    assert again == Spent(verdict=Verdict.WRONG_CODE, challenge=replace(challenge, tries=frozenset({attempt("a")})))


def test_the_last_wrong_guess_is_told_after_its_answer_was_lost(store: ChallengeStore, losing: Losing) -> None:
    challenge = opened(store, attempts_allowed=1)
    losing(lambda: spend(store, challenge, "a", correct=False), "spend_attempt")

    assert spend(store, challenge, "a", correct=False).verdict is Verdict.WRONG_CODE
    assert spend(store, challenge, "b", correct=True).verdict is Verdict.EXHAUSTED


def test_an_issue_whose_answer_was_lost_is_one_challenge(store: ChallengeStore, losing: Losing) -> None:
    challenge = new_challenge()
    losing(lambda: store.open(challenge, siblings=frozenset(), draw=draw(), now=NOW), "open")

    again = store.open(new_challenge(at=LATER, key=challenge.key), siblings=frozenset(), draw=draw(), now=LATER)

    assert again == Opened(challenge=challenge, repeated=True)


def test_a_resend_whose_answer_was_lost_took_its_mail(store: ChallengeStore, losing: Losing) -> None:
    """A6: it was asked for and will be sent, so the window refuses a second one."""
    challenge = opened(store)
    losing(lambda: store.ask_again(challenge, draw=draw(), now=NOW), "ask_again")

    again = store.ask_again(challenge, draw=draw(), now=LATER)

    assert again == RateLimited(limit=Limit.ADDRESS_INTERVAL, retry_after=timedelta(seconds=23))
    assert store.find(challenge.key) == replace(challenge, mails_asked=2)


def test_a_cancellation_whose_answer_was_lost_may_be_repeated(store: ChallengeStore, losing: Losing) -> None:
    challenge = opened(store)
    losing(lambda: store.cancel(challenge.key, now=NOW), "cancel")

    assert store.cancel(challenge.key, now=LATER) is Verdict.CANCELLED
    assert store.find(challenge.key) == replace(challenge, cancelled_at=NOW)


def test_a_lease_whose_answer_was_lost_may_be_repeated_and_holds_against_others(
    store: ChallengeStore, losing: Losing
) -> None:
    """A49."""
    challenge = opened(store)
    losing(lambda: store.lease_mail(challenge.key, lease_id=b"mine", until=LATER, now=NOW), "lease_mail")

    other = store.lease_mail(challenge.key, lease_id=b"other", until=LATER, now=LATER - MILLISECOND)
    again = store.lease_mail(challenge.key, lease_id=b"mine", until=LATER, now=NOW)

    assert other is NoMail.HELD
    assert again == challenge


def test_a_mail_recorded_without_an_answer_may_be_recorded_again(store: ChallengeStore, losing: Losing) -> None:
    challenge = opened(store)
    losing(lambda: store.record_sent(challenge.key, mails=1), "record_sent")

    store.record_sent(challenge.key, mails=1)

    assert store.find(challenge.key) == replace(challenge, mails_sent=1, delivery=Delivery.SENT)


@pytest.fixture
def losing_streak(request: pytest.FixtureRequest, streaks: IdentityStore) -> Losing:
    """Return what takes a step of *streaks* and loses the answer."""
    if isinstance(streaks, MemoryIdentities):
        return lambda step, name: lost_in(streaks, step, name)
    account: Account = request.getfixturevalue("account")
    return lambda step, _: lost_on_the_way(account, step)


def test_a_failure_counted_without_an_answer_counts_once(streaks: IdentityStore, losing_streak: Losing) -> None:
    """A2."""
    losing_streak(lambda: streaks.add_failure("i", attempt_id=attempt("a")), "add_failure")

    streaks.add_failure("i", attempt_id=attempt("a"))

    assert streaks.failures("i") == 1


def test_a_success_recorded_without_an_answer_is_recorded(streaks: IdentityStore, losing_streak: Losing) -> None:
    streaks.add_failure("i", attempt_id=attempt("a"))
    losing_streak(lambda: streaks.record_success("i", verified_at=NOW), "record_success")

    streaks.record_success("i", verified_at=NOW)

    assert streaks.failures("i") == 0


def test_the_clients_own_second_try_finds_what_the_first_did(
    account: Account, challenges: DynamoChallenges, identities: DynamoIdentities
) -> None:
    """One lost answer is not even noticed, since botocore asks again: with the same attempt id, with the same token."""
    challenge, other = opened(challenges), opened(challenges)
    new = new_challenge()

    def once() -> Fault:
        return faults.times(1, faults.lost_response)

    with account.wire.failing("dynamodb", once()):
        right = spend(challenges, challenge, "a", correct=True)
    with account.wire.failing("dynamodb", once()):
        wrong = spend(challenges, other, "a", correct=False)
    with account.wire.failing("dynamodb", once()):
        issued = challenges.open(new, siblings=frozenset(), draw=draw(address="new"), now=NOW)
    with account.wire.failing("dynamodb", once()):
        resent = challenges.ask_again(new, draw=draw(address="again"), now=NOW)
    with account.wire.failing("dynamodb", once()):
        cancelled = challenges.cancel(other.key, now=NOW)
    with account.wire.failing("dynamodb", once()):
        identities.add_failure("i", attempt_id=attempt("a"))

    assert right.verdict is Verdict.ACCEPTED
    assert wrong.verdict is Verdict.WRONG_CODE
    assert issued == Opened(challenge=new, repeated=False)
    assert resent is None
    assert cancelled is Verdict.CANCELLED
    assert identities.failures("i") == 1
    assert challenges.find(new.key) == replace(new, mails_asked=2)
