"""The fake and the real store, given the same steps in any order and at any time, never disagree."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otpost.aws.challenges import DynamoChallenges
from otpost.challenge import Challenge
from otpost.challenge_id import ChallengeKey
from otpost.ports import ChallengeStore
from tests.backends.account import Account
from tests.contract.samples import HASH, NOW, PURPOSE, attempt, draw, new_challenge
from tests.fakes.challenges import MemoryChallenges

CHALLENGES = [new_challenge(attempts_allowed=allowed) for allowed in (1, 2, 3)]
STEPS_OF_TIME = [0, 1, 999, 15_000, 29_999, 30_000, 60_000, 299_999, 300_000, 3_600_000]

type Step = tuple[str, int, bool, int, str]
"""What is done, to which challenge, one way or the other, so many milliseconds after the step before, by whom."""

steps: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(
        st.sampled_from(
            ["open", "open", "guess", "guess", "guess", "cancel", "ask_again", "lease_mail", "record_sent", "fail"]
        ),
        st.integers(0, 2),
        st.booleans(),
        st.sampled_from(STEPS_OF_TIME),
        st.sampled_from(["a", "b", "c"]),
    ),
    max_size=14,
)


def take(store: ChallengeStore, step: Step, after: timedelta) -> object:
    """Take one step and return what the store says."""
    what, number, flag, _, who = step
    now = NOW + after
    challenge = issued(CHALLENGES[number], after)
    key = challenge.key
    taking = draw(address=who, source=who if flag else None, shard=number, source_hour=3, stack_day=48)
    act: dict[str, Callable[[], object]] = {
        "open": lambda: store.open(challenge, siblings=sibling(number) if flag else frozenset(), draw=taking, now=now),
        "guess": lambda: store.spend_attempt(
            key,
            attempt_id=attempt(who),
            correct=flag,
            purpose=PURPOSE if who != "c" else "recovery",
            transaction_hash=HASH,
            now=now,
        ),
        "cancel": lambda: store.cancel(key, now=now),
        "ask_again": lambda: store.ask_again(challenge, draw=taking, now=now),
        "lease_mail": lambda: store.lease_mail(key, lease_id=b"lease", until=now + timedelta(seconds=15), now=now),
        "record_sent": lambda: store.record_sent(key, mails=1 + flag),
        "fail": lambda: store.record_undeliverable(key, mails=1 + flag),
    }
    return act[what]()


def issued(challenge: Challenge, after: timedelta) -> Challenge:
    """Return *challenge* as if issued that much later."""
    shifted = {name: getattr(challenge, name) + after for name in ("issued_at", "expires_at", "latest", "resend_at")}
    return replace(challenge, **shifted)


def sibling(number: int) -> frozenset[ChallengeKey]:
    """Return the key of another challenge."""
    return frozenset({CHALLENGES[(number + 1) % 3].key})


@pytest.mark.usefixtures("account")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(taken=steps)
def test_they_say_the_same_and_remember_the_same(
    account: Account, challenges: DynamoChallenges, taken: list[Step]
) -> None:
    """Rule 22: a fake that lies is worse than none. The fixtures outlive an example, so each empties the table."""
    account.clear()
    memory, after = MemoryChallenges(), timedelta()
    for step in taken:
        after += timedelta(milliseconds=step[3])
        assert take(challenges, step, after) == take(memory, step, after)
    for challenge in CHALLENGES:
        assert challenges.find(challenge.key) == memory.find(challenge.key)
