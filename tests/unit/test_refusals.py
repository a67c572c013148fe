"""The order in which a challenge refuses, over every combination of reasons."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest

from otpost.challenge import REPEAT_WINDOW, Challenge, Verdict
from otpost.transaction import transaction_hash
from tests.contract.samples import HASH, LIFE, MILLISECOND, NOW, PURPOSE, attempt, new_challenge

OWN, FOREIGN = attempt("own"), attempt("foreign")
REASONS = ("purpose", "transaction", "consumed", "cancelled", "exhausted", "expired")
COMBINATIONS = list(product([False, True], repeat=len(REASONS)))


def refusal(
    challenge: Challenge, now: datetime = NOW, *, attempt_id: bytes = OWN, purpose: str = PURPOSE, bound: str = HASH
) -> Verdict | None:
    return challenge.refusal(attempt_id=attempt_id, purpose=purpose, transaction_hash=bound, now=now)


def standing(*, consumed: bool, cancelled: bool, exhausted: bool, expired: bool) -> Challenge:
    return new_challenge(
        consumed_by=FOREIGN if consumed else None,
        consumed_at=NOW if consumed else None,
        cancelled_at=NOW if cancelled else None,
        tries=frozenset(map(attempt, "abcde")) if exhausted else frozenset(),
        expires_at=NOW if expired else NOW + LIFE,
    )


@pytest.mark.parametrize("holds", COMBINATIONS)
def test_of_several_reasons_the_first_is_named(holds: tuple[bool, ...]) -> None:
    """A18: a mismatch comes first, so that whoever guesses for something else learns nothing."""
    purpose, transaction, consumed, cancelled, exhausted, expired = holds
    challenge = standing(consumed=consumed, cancelled=cancelled, exhausted=exhausted, expired=expired)
    order = [
        (purpose or transaction, Verdict.UNKNOWN),
        (consumed, Verdict.CONSUMED),
        (cancelled, Verdict.CANCELLED),
        (exhausted, Verdict.EXHAUSTED),
        (expired, Verdict.EXPIRED),
    ]

    said = refusal(
        challenge,
        purpose="transaction" if purpose else PURPOSE,
        bound=transaction_hash({}) if transaction else HASH,
    )

    assert said == next((verdict for reason, verdict in order if reason), None)


@pytest.mark.parametrize("holds", [each[2:] for each in COMBINATIONS[: 2**4]])
def test_over_names_the_same_reasons_in_the_same_order(holds: tuple[bool, ...]) -> None:
    consumed, cancelled, exhausted, expired = holds
    challenge = standing(consumed=consumed, cancelled=cancelled, exhausted=exhausted, expired=expired)

    assert challenge.over(NOW) == refusal(challenge)


def test_a_guess_is_judged_until_the_instant_of_expiry() -> None:
    """A11, A46: `expires_at` itself is too late."""
    challenge = new_challenge()

    assert refusal(challenge, NOW + LIFE - timedelta(seconds=1)) is None
    assert refusal(challenge, NOW + LIFE - MILLISECOND) is None
    assert refusal(challenge, NOW + LIFE) is Verdict.EXPIRED
    assert refusal(challenge, NOW + LIFE + timedelta(days=2)) is Verdict.EXPIRED


@pytest.mark.parametrize("spent", range(6))
def test_guesses_are_judged_until_none_is_left(spent: int) -> None:
    """A1."""
    challenge = new_challenge(tries=frozenset(map(attempt, "abcde"[:spent])))

    assert challenge.attempts_left == 5 - spent
    assert refusal(challenge) == (Verdict.EXHAUSTED if spent == 5 else None)


def test_attempts_left_is_never_negative() -> None:
    challenge = new_challenge(attempts_allowed=3, tries=frozenset(map(attempt, "abcde")))

    assert challenge.attempts_left == 0


def test_an_attempt_that_was_counted_is_judged_again_while_the_challenge_is_open() -> None:
    """A2: a lost answer costs nothing, and tells nothing new."""
    challenge = new_challenge(tries=frozenset({OWN, *map(attempt, "abcd")}))

    assert refusal(challenge) is None
    assert refusal(challenge, attempt_id=FOREIGN) is Verdict.EXHAUSTED
    assert refusal(challenge, NOW + LIFE - MILLISECOND) is None
    assert refusal(challenge, NOW + LIFE) is Verdict.EXPIRED
    assert refusal(replace(challenge, cancelled_at=NOW)) is Verdict.CANCELLED


def consumed() -> Challenge:
    return new_challenge(tries=frozenset({OWN}), consumed_by=OWN, consumed_at=NOW + timedelta(seconds=10))


def test_a_success_may_be_asked_again_for_300_seconds() -> None:
    """A10."""
    end = NOW + timedelta(seconds=10) + REPEAT_WINDOW

    assert timedelta(seconds=300) == REPEAT_WINDOW
    assert refusal(consumed(), end - MILLISECOND) is None
    assert refusal(consumed(), end) is Verdict.CONSUMED


def test_a_success_may_be_asked_again_after_the_code_has_expired() -> None:
    assert refusal(replace(consumed(), expires_at=NOW + timedelta(seconds=11)), NOW + timedelta(seconds=60)) is None


def test_nobody_else_may_ask_for_a_success_again() -> None:
    """A10."""
    assert refusal(consumed(), NOW + timedelta(seconds=11), attempt_id=FOREIGN) is Verdict.CONSUMED


@pytest.mark.parametrize("changes", [{"purpose": "transaction"}, {"bound": transaction_hash({})}])
def test_a_success_asked_again_for_something_else_is_unknown(changes: dict[str, str]) -> None:
    """A18."""
    assert refusal(consumed(), NOW + timedelta(seconds=11), **changes) is Verdict.UNKNOWN  # type: ignore[arg-type]  # both are text


def test_a_mail_is_owed_while_more_were_asked_for_than_sent() -> None:
    assert new_challenge().mail_owed
    assert not new_challenge(mails_sent=1).mail_owed
    assert new_challenge(mails_asked=2, mails_sent=1).mail_owed
