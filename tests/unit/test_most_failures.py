"""The worst a guesser can do to one identity: the formula against every play of a small game."""

from dataclasses import replace
from datetime import timedelta

import pytest

from otpost.policy import Lifetime, Policy, Streak
from tests.unit.world import POLICY

TICKS = 3  # a day: the window and the longest life alike


def policy(*, attempts: int, step_up: int, refuse: int, day: int) -> Policy:
    return replace(
        POLICY,
        purposes={"recovery": Lifetime(life=timedelta(days=1), maximum=timedelta(days=1))},
        attempts=attempts,
        streak=Streak(step_up=step_up, refuse=refuse),
        windows=replace(POLICY.windows, address_day=day),
    )


def worst_play(policy: Policy) -> int:
    """Play every order of issuing, guessing wrong and waiting; return the longest streak that any of them reaches.

    A state is the streak and, for each challenge sent within a day, its age and the guesses left on it.
    """
    seen = {(0, ())}
    waiting: list[tuple[int, tuple[tuple[int, int], ...]]] = [(0, ())]
    while waiting:
        streak, sent = waiting.pop()
        after = [(streak, tuple((age + 1, left) for age, left in sent if age + 1 < TICKS))]
        terms = policy.terms(streak)
        if terms is not None and len(sent) < policy.windows.address_day:
            after.append((streak, tuple(sorted((*sent, (0, terms.attempts))))))
        for at, (age, left) in enumerate(sent):
            if left:
                after.append((streak + 1, tuple(sorted((*sent[:at], (age, left - 1), *sent[at + 1 :])))))
        fresh = [state for state in after if state not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
    return max(streak for streak, _ in seen)


@pytest.mark.parametrize("day", [1, 2, 3])
@pytest.mark.parametrize("attempts", [1, 3, 5])
@pytest.mark.parametrize(("step_up", "refuse"), [(1, 1), (1, 4), (3, 3), (3, 5), (4, 12), (2, 20)])
def test_no_play_passes_the_bound(attempts: int, step_up: int, refuse: int, day: int) -> None:
    """A2, A4."""
    bounded = policy(attempts=attempts, step_up=step_up, refuse=refuse, day=day)

    assert worst_play(bounded) <= bounded.most_failures()


@pytest.mark.parametrize(("step_up", "refuse", "day"), [(2, 20, 3), (3, 3, 3), (4, 12, 1), (1, 4, 2)])
def test_the_bound_is_no_looser_than_the_worst_play(step_up: int, refuse: int, day: int) -> None:
    tight = policy(attempts=5, step_up=step_up, refuse=refuse, day=day)

    assert worst_play(tight) == tight.most_failures()


def test_the_defaults_stay_below_what_nist_allows() -> None:
    """A2: NIST SP 800-63B-4 §3.2.2."""
    assert POLICY.most_failures() == 93
