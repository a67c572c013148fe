"""ChallengeStore.ask_again: one more mail of the same code, while the challenge is open and the windows allow it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from otpost.challenge import Challenge, Delivery, Verdict
from otpost.ports import ChallengeStore
from otpost.window import Limit, RateLimited
from tests.contract.samples import (
    HASH,
    LIFE,
    MILLISECOND,
    NOW,
    PURPOSE,
    attempt,
    draw,
    new_challenge,
    opened,
)

LATER = NOW + timedelta(seconds=40)


def renewed(challenge: Challenge, *, at: timedelta = timedelta(seconds=40)) -> Challenge:
    """Return *challenge* as a resend that long after its issue would have it."""
    now = NOW + at
    return replace(challenge, expires_at=now + LIFE, resend_at=now + timedelta(seconds=30))


def spend(store: ChallengeStore, challenge: Challenge, name: str, *, correct: bool) -> None:
    store.spend_attempt(
        challenge.key, attempt_id=attempt(name), correct=correct, purpose=PURPOSE, transaction_hash=HASH, now=NOW
    )


def test_one_more_mail_is_owed_and_the_life_starts_again(store: ChallengeStore) -> None:
    challenge = opened(store)
    spend(store, challenge, "wrong", correct=False)
    store.record_sent(challenge.key, mails=1)

    answer = store.ask_again(renewed(challenge), draw=draw(address=challenge.key), now=LATER)

    assert answer is None
    assert store.find(challenge.key) == replace(
        renewed(challenge),
        mails_asked=2,
        mails_sent=1,
        tries=frozenset({attempt("wrong")}),  # attempts are not renewed
        delivery=Delivery.QUEUED,
    )


def test_only_the_two_instants_of_the_renewed_challenge_are_taken(store: ChallengeStore) -> None:
    """A21: the address, the purpose and the rest are frozen from the issue on."""
    challenge = opened(store)
    forged = replace(
        renewed(challenge),
        email="eve@example.com",
        identity="e0" * 32,
        purpose="recovery",
        attempts_allowed=99,
        latest=NOW + timedelta(days=9),
        code_length=10,
    )

    store.ask_again(forged, draw=draw(address=challenge.key), now=LATER)

    assert store.find(challenge.key) == replace(renewed(challenge), mails_asked=2)


def consumed(store: ChallengeStore, challenge: Challenge) -> None:
    spend(store, challenge, "right", correct=True)


def cancelled(store: ChallengeStore, challenge: Challenge) -> None:
    store.cancel(challenge.key, now=NOW)


def exhausted(store: ChallengeStore, challenge: Challenge) -> None:
    for number in range(challenge.attempts_allowed):
        spend(store, challenge, f"wrong {number}", correct=False)


@pytest.mark.parametrize(
    ("over", "verdict"),
    [(consumed, Verdict.CONSUMED), (cancelled, Verdict.CANCELLED), (exhausted, Verdict.EXHAUSTED)],
)
def test_a_challenge_that_is_over_is_not_mailed_again(
    store: ChallengeStore, over: Callable[[ChallengeStore, Challenge], None], verdict: Verdict
) -> None:
    challenge = opened(store)
    over(store, challenge)
    before = store.find(challenge.key)

    answer = store.ask_again(renewed(challenge), draw=draw(address=challenge.key), now=LATER)

    assert answer is verdict
    assert store.find(challenge.key) == before


def test_the_last_instant_to_ask_again_is_the_one_before_expiry(store: ChallengeStore) -> None:
    """A11."""
    in_time, too_late = opened(store), opened(store)

    last = store.ask_again(renewed(in_time), draw=draw(address=in_time.key), now=in_time.expires_at - MILLISECOND)
    late = store.ask_again(renewed(too_late), draw=draw(address=too_late.key), now=too_late.expires_at)

    assert last is None
    assert late is Verdict.EXPIRED
    assert store.find(too_late.key) == too_late


def test_an_unknown_challenge_is_unknown_and_takes_nothing(store: ChallengeStore) -> None:
    challenge = new_challenge()

    answer = store.ask_again(renewed(challenge), draw=draw(), now=NOW)

    assert answer is Verdict.UNKNOWN
    assert store.find(challenge.key) is None
    other = opened(store)
    assert store.ask_again(renewed(other), draw=draw(), now=NOW) is None


def test_a_full_window_refuses_and_changes_nothing(store: ChallengeStore) -> None:
    """A6: a resend is a mail like any other."""
    challenge = opened(store)
    early = NOW + timedelta(seconds=29)

    answer = store.ask_again(renewed(challenge, at=timedelta(seconds=29)), draw=draw(address=challenge.key), now=early)

    assert answer == RateLimited(limit=Limit.ADDRESS_INTERVAL, retry_after=timedelta(seconds=1))
    assert store.find(challenge.key) == challenge


def test_a_resend_takes_from_every_window(store: ChallengeStore) -> None:
    challenge = opened(store)
    store.ask_again(renewed(challenge), draw=draw(address="a", source="s", shard=3), now=LATER)

    refusals = [
        store.open(new_challenge(), siblings=frozenset(), draw=taking, now=LATER)
        for taking in (
            draw(address="a"),
            draw(address="b", source="s", source_hour=1),
            draw(address="b", shard=3, stack_day=16),
        )
    ]

    assert [refusal.limit for refusal in refusals if isinstance(refusal, RateLimited)] == [
        Limit.ADDRESS_INTERVAL,
        Limit.SOURCE_HOUR,
        Limit.STACK_DAY,
    ]


def test_why_a_challenge_is_over_outranks_the_windows_and_takes_nothing(store: ChallengeStore) -> None:
    challenge = opened(store)
    store.cancel(challenge.key, now=NOW)

    at_once = store.ask_again(renewed(challenge), draw=draw(address=challenge.key), now=NOW)
    later = store.ask_again(renewed(challenge), draw=draw(address="untouched"), now=LATER)

    assert at_once is Verdict.CANCELLED
    assert later is Verdict.CANCELLED
    assert store.ask_again(renewed(opened(store)), draw=draw(address="untouched"), now=LATER) is None
