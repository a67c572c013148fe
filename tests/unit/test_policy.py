"""The terms that an identity gets by its failures."""

from dataclasses import replace

import pytest

from otpost.policy import Streak, Terms
from tests.unit.world import POLICY


@pytest.mark.parametrize(
    ("failures", "terms"),
    [
        (0, Terms(code_length=6, attempts=5)),
        (19, Terms(code_length=6, attempts=5)),
        (20, Terms(code_length=10, attempts=3)),
        (59, Terms(code_length=10, attempts=3)),
        (60, None),
        (61, None),
        (10**9, None),
    ],
)
def test_failures_make_codes_longer_and_then_end_them(failures: int, terms: Terms | None) -> None:
    """A2."""
    assert POLICY.terms(failures) == terms


@pytest.mark.parametrize("attempts", [1, 2, 3, 4, 5])
def test_a_streak_never_gives_more_attempts(attempts: int) -> None:
    """A2."""
    terms = replace(POLICY, attempts=attempts).terms(20)

    assert terms == Terms(code_length=10, attempts=min(3, attempts))


@pytest.mark.parametrize("digits", range(6, 11))
def test_every_length_that_terms_can_give_is_listed(digits: int) -> None:
    policy = replace(POLICY, digits=digits)

    given = {terms.code_length for failures in range(60) if (terms := policy.terms(failures))}

    assert given == policy.code_lengths() == {digits, 10}


def test_a_policy_may_refuse_without_a_step_before() -> None:
    policy = replace(POLICY, streak=Streak(step_up=3, refuse=3))

    assert [policy.terms(failures) is None for failures in range(5)] == [False, False, False, True, True]
