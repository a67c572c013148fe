"""IdentityStore: failures since the last success, each attempt counted once."""

from datetime import timedelta

from otpost.ports import IdentityStore
from tests.contract.samples import MILLISECOND, NOW, attempt

ADA, EVE = "ad" * 32, "ee" * 32


def fail(streaks: IdentityStore, *names: str, identity: str = ADA) -> None:
    for name in names:
        streaks.add_failure(identity, attempt_id=attempt(name))


def test_nobody_has_failures_to_begin_with(streaks: IdentityStore) -> None:
    assert streaks.failures(ADA) == 0


def test_failures_add_up_by_identity(streaks: IdentityStore) -> None:
    """A2."""
    fail(streaks, "a", "b", "c")
    fail(streaks, "a", identity=EVE)

    assert streaks.failures(ADA) == 3
    assert streaks.failures(EVE) == 1


def test_a_repeated_failure_counts_once(streaks: IdentityStore) -> None:
    """A2."""
    fail(streaks, "a", "a", "b", "a")

    assert streaks.failures(ADA) == 2


def test_a_streak_holds_as_many_failures_as_can_be_refused(streaks: IdentityStore) -> None:
    fail(streaks, *map(str, range(95)))

    assert streaks.failures(ADA) == 95


def test_a_success_ends_the_streak_of_its_identity_only(streaks: IdentityStore) -> None:
    fail(streaks, "a", "b")
    fail(streaks, "c", identity=EVE)

    streaks.record_success(ADA, verified_at=NOW)

    assert streaks.failures(ADA) == 0
    assert streaks.failures(EVE) == 1


def test_a_success_without_failures_is_fine(streaks: IdentityStore) -> None:
    streaks.record_success(ADA, verified_at=NOW)

    assert streaks.failures(ADA) == 0


def test_a_new_streak_begins_after_a_success(streaks: IdentityStore) -> None:
    fail(streaks, "a", "b")
    streaks.record_success(ADA, verified_at=NOW)

    fail(streaks, "c")

    assert streaks.failures(ADA) == 1


def test_a_repeat_of_a_success_does_not_end_a_newer_streak(streaks: IdentityStore) -> None:
    """A2: whoever holds one old success must not be able to wipe failures with it."""
    streaks.record_success(ADA, verified_at=NOW)
    fail(streaks, "a", "b")

    streaks.record_success(ADA, verified_at=NOW)
    streaks.record_success(ADA, verified_at=NOW - MILLISECOND)

    assert streaks.failures(ADA) == 2


def test_a_later_success_ends_the_newer_streak(streaks: IdentityStore) -> None:
    streaks.record_success(ADA, verified_at=NOW)
    fail(streaks, "a", "b")

    streaks.record_success(ADA, verified_at=NOW + MILLISECOND)

    assert streaks.failures(ADA) == 0


def test_an_older_success_that_comes_late_does_not_move_the_newer_one_back(streaks: IdentityStore) -> None:
    streaks.record_success(ADA, verified_at=NOW + timedelta(seconds=9))
    streaks.record_success(ADA, verified_at=NOW)
    fail(streaks, "a")

    streaks.record_success(ADA, verified_at=NOW + timedelta(seconds=8))

    assert streaks.failures(ADA) == 1
