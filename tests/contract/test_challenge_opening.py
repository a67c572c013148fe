"""ChallengeStore.open: one challenge and a mail from every window, or nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from otpost.ports import ChallengeStore, Opened
from otpost.window import Limit, RateLimited
from tests.contract.samples import (
    HASH,
    MILLISECOND,
    NOW,
    PURPOSE,
    attempt,
    draw,
    new_challenge,
    new_key,
    opened,
)

NONE: frozenset[object] = frozenset()


def test_an_opened_challenge_is_found_as_it_was_opened(store: ChallengeStore) -> None:
    challenge = new_challenge(
        transaction={"payee": "Ünal & Söhne", "amount": " 12,00 €", "b": "x", "a": "y"},
        nonce="n-1",
        locale="pt-BR",
        code_length=10,
        attempts_allowed=3,
    )

    answer = store.open(challenge, siblings=frozenset(), draw=draw(), now=NOW)

    assert answer == Opened(challenge=challenge, repeated=False)
    assert store.find(challenge.key) == challenge


def test_a_challenge_without_optional_members_is_found_without_them(store: ChallengeStore) -> None:
    challenge = opened(store)

    found = store.find(challenge.key)

    assert found == challenge
    assert found is not None
    assert (found.transaction, found.nonce, found.locale) == (None, None, None)


def test_an_empty_transaction_stays_different_from_none(store: ChallengeStore) -> None:
    challenge = opened(store, transaction={})

    found = store.find(challenge.key)

    assert found is not None
    assert found.transaction == {}


def test_the_same_challenge_again_is_the_standing_one_and_takes_nothing(store: ChallengeStore) -> None:
    challenge = new_challenge()
    store.open(challenge, siblings=frozenset(), draw=draw(), now=NOW)
    later = NOW + timedelta(seconds=20)
    again = new_challenge(at=later, key=challenge.key)

    answer = store.open(again, siblings=frozenset(), draw=draw(), now=later)

    assert answer == Opened(challenge=challenge, repeated=True)
    assert store.find(challenge.key) == challenge
    third = NOW + timedelta(seconds=30)  # the window still counts from the first: the repeat took no mail
    assert isinstance(store.open(new_challenge(at=third), siblings=frozenset(), draw=draw(), now=third), Opened)


def test_a_standing_sibling_is_returned_and_nothing_is_opened(store: ChallengeStore) -> None:
    sibling = opened(store)
    challenge = new_challenge()
    siblings = frozenset({new_key(), sibling.key, new_key()})

    answer = store.open(challenge, siblings=siblings, draw=draw(), now=NOW)

    assert answer == Opened(challenge=sibling, repeated=True)
    assert store.find(challenge.key) is None
    assert isinstance(
        store.open(challenge, siblings=frozenset(), draw=draw(), now=NOW), Opened
    )  # no window was touched


def test_absent_siblings_do_not_hinder(store: ChallengeStore) -> None:
    challenge = new_challenge()

    answer = store.open(challenge, siblings=frozenset({new_key(), new_key(), new_key()}), draw=draw(), now=NOW)

    assert answer == Opened(challenge=challenge, repeated=False)


def test_a_standing_challenge_is_returned_as_it_stands_now(store: ChallengeStore) -> None:
    challenge = opened(store)
    spent = store.spend_attempt(
        challenge.key, attempt_id=attempt("right"), correct=True, purpose=PURPOSE, transaction_hash=HASH, now=NOW
    )

    answer = store.open(challenge, siblings=frozenset(), draw=draw(), now=NOW)

    assert answer == Opened(challenge=spent.challenge, repeated=True)  # type: ignore[arg-type]  # a spent challenge is known


@pytest.mark.parametrize(
    ("full", "ordinary"),
    [
        (Limit.ADDRESS_INTERVAL, {}),
        (Limit.ADDRESS_HOUR, {"address_hour": 1}),
        (Limit.SOURCE_HOUR, {"source_hour": 1}),
        (Limit.STACK_DAY, {"stack_day": 16}),
    ],
)
def test_a_standing_challenge_outranks_every_window(
    store: ChallengeStore, full: Limit, ordinary: dict[str, Any]
) -> None:
    challenge = new_challenge()
    taking = draw(source="3f" * 32, **ordinary)
    store.open(challenge, siblings=frozenset(), draw=taking, now=NOW)
    refused = store.open(new_challenge(), siblings=frozenset(), draw=taking, now=NOW)
    assert isinstance(refused, RateLimited)

    same = store.open(challenge, siblings=frozenset(), draw=taking, now=NOW)
    sibling = store.open(new_challenge(), siblings=frozenset({challenge.key}), draw=taking, now=NOW)

    assert same == Opened(challenge=challenge, repeated=True)
    assert sibling == Opened(challenge=challenge, repeated=True)


def test_a_refused_challenge_is_not_opened(store: ChallengeStore) -> None:
    opened_first = new_challenge()
    store.open(opened_first, siblings=frozenset(), draw=draw(), now=NOW)
    challenge = new_challenge()

    answer = store.open(challenge, siblings=frozenset(), draw=draw(), now=NOW)

    assert isinstance(answer, RateLimited)
    assert store.find(challenge.key) is None


def test_the_interval_ends_to_the_millisecond(store: ChallengeStore) -> None:
    store.open(new_challenge(), siblings=frozenset(), draw=draw(), now=NOW)
    end = NOW + timedelta(seconds=30)

    early = store.open(new_challenge(), siblings=frozenset(), draw=draw(), now=end - MILLISECOND)
    on_time = store.open(new_challenge(), siblings=frozenset(), draw=draw(), now=end)

    assert early == RateLimited(limit=Limit.ADDRESS_INTERVAL, retry_after=MILLISECOND)
    assert isinstance(on_time, Opened)


@pytest.mark.parametrize(
    ("limit", "count", "span"),
    [(Limit.ADDRESS_HOUR, 5, timedelta(hours=1)), (Limit.ADDRESS_DAY, 10, timedelta(days=1))],
)
def test_sliding_windows_end_to_the_millisecond(
    store: ChallengeStore, limit: Limit, count: int, span: timedelta
) -> None:
    """A6: at most five mails within any hour and ten within any day."""
    taking = draw(address_hour=5 if limit is Limit.ADDRESS_HOUR else 10)
    for sent in range(count):
        at = NOW + sent * timedelta(minutes=5)
        assert isinstance(store.open(new_challenge(), siblings=frozenset(), draw=taking, now=at), Opened)
    early = NOW + timedelta(minutes=50)
    end = NOW + span

    refused = store.open(new_challenge(), siblings=frozenset(), draw=taking, now=early)
    at_last = store.open(new_challenge(), siblings=frozenset(), draw=taking, now=end - MILLISECOND)
    accepted = store.open(new_challenge(), siblings=frozenset(), draw=taking, now=end)
    next_one = store.open(new_challenge(), siblings=frozenset(), draw=taking, now=end + timedelta(minutes=1))

    assert refused == RateLimited(limit=limit, retry_after=end - early)
    assert at_last == RateLimited(limit=limit, retry_after=MILLISECOND)
    assert isinstance(accepted, Opened)
    assert next_one == RateLimited(limit=limit, retry_after=timedelta(minutes=4))


def test_the_longest_wait_of_an_address_is_named(store: ChallengeStore) -> None:
    taking = draw(address_hour=2, address_day=2)
    for minutes in (0, 5):
        store.open(new_challenge(), siblings=frozenset(), draw=taking, now=NOW + timedelta(minutes=minutes))

    answer = store.open(new_challenge(), siblings=frozenset(), draw=taking, now=NOW + timedelta(minutes=5))

    assert answer == RateLimited(limit=Limit.ADDRESS_DAY, retry_after=timedelta(hours=23, minutes=55))


def test_a_mail_is_remembered_after_ten_more(store: ChallengeStore) -> None:
    taking = draw(address_hour=10)
    for sent in range(10):
        at = NOW + sent * timedelta(hours=2, minutes=24)
        assert isinstance(store.open(new_challenge(), siblings=frozenset(), draw=taking, now=at), Opened)
    eleventh = NOW + timedelta(days=1)
    assert isinstance(store.open(new_challenge(), siblings=frozenset(), draw=taking, now=eleventh), Opened)

    answer = store.open(new_challenge(), siblings=frozenset(), draw=taking, now=eleventh + timedelta(hours=1))

    assert answer == RateLimited(limit=Limit.ADDRESS_DAY, retry_after=timedelta(hours=1, minutes=24))


def test_addresses_have_windows_of_their_own(store: ChallengeStore) -> None:
    store.open(new_challenge(), siblings=frozenset(), draw=draw(address="a"), now=NOW)

    answer = store.open(new_challenge(), siblings=frozenset(), draw=draw(address="b"), now=NOW)

    assert isinstance(answer, Opened)


def test_a_source_may_cause_as_many_mails_as_its_limit_in_a_clock_hour(store: ChallengeStore) -> None:
    """A7."""
    for number in range(3):
        taking = draw(address=f"address {number}", source="s", source_hour=3)
        assert isinstance(store.open(new_challenge(), siblings=frozenset(), draw=taking, now=NOW), Opened)
    taking = draw(address="one more", source="s", source_hour=3)
    next_hour = datetime(2026, 1, 31, 10, tzinfo=UTC)

    refused = store.open(new_challenge(), siblings=frozenset(), draw=taking, now=NOW)
    at_last = store.open(new_challenge(), siblings=frozenset(), draw=taking, now=next_hour - MILLISECOND)
    accepted = store.open(new_challenge(), siblings=frozenset(), draw=taking, now=next_hour)

    assert refused == RateLimited(limit=Limit.SOURCE_HOUR, retry_after=next_hour - NOW)
    assert at_last == RateLimited(limit=Limit.SOURCE_HOUR, retry_after=MILLISECOND)
    assert isinstance(accepted, Opened)


def test_sources_are_counted_apart_and_no_source_is_not_counted(store: ChallengeStore) -> None:
    store.open(new_challenge(), siblings=frozenset(), draw=draw(address="a", source="s", source_hour=1), now=NOW)

    other = store.open(
        new_challenge(), siblings=frozenset(), draw=draw(address="b", source="t", source_hour=1), now=NOW
    )
    unknown = [
        store.open(new_challenge(), siblings=frozenset(), draw=draw(address=address, source_hour=1), now=NOW)
        for address in ("c", "d", "e")
    ]

    assert isinstance(other, Opened)
    assert all(isinstance(answer, Opened) for answer in unknown)


def test_a_shard_of_the_stack_may_cause_its_share_in_a_utc_day(store: ChallengeStore) -> None:
    """A7."""
    for number in range(2):
        taking = draw(address=f"address {number}", shard=7, stack_day=47)  # 47 // 16 = 2
        assert isinstance(store.open(new_challenge(), siblings=frozenset(), draw=taking, now=NOW), Opened)
    taking = draw(address="one more", shard=7, stack_day=47)
    next_day = datetime(2026, 2, 1, tzinfo=UTC)

    refused = store.open(new_challenge(), siblings=frozenset(), draw=taking, now=NOW)
    other_shard = store.open(
        new_challenge(), siblings=frozenset(), draw=draw(address="b", shard=8, stack_day=47), now=NOW
    )
    at_last = store.open(new_challenge(), siblings=frozenset(), draw=taking, now=next_day - MILLISECOND)
    accepted = store.open(new_challenge(), siblings=frozenset(), draw=taking, now=next_day)

    assert refused == RateLimited(limit=Limit.STACK_DAY, retry_after=next_day - NOW)
    assert isinstance(other_shard, Opened)
    assert at_last == RateLimited(limit=Limit.STACK_DAY, retry_after=MILLISECOND)
    assert isinstance(accepted, Opened)


def test_of_several_full_windows_the_longest_wait_is_named(store: ChallengeStore) -> None:
    taking = draw(source="s", source_hour=1, stack_day=16)
    store.open(new_challenge(), siblings=frozenset(), draw=taking, now=NOW)

    answer = store.open(new_challenge(), siblings=frozenset(), draw=taking, now=NOW)

    assert isinstance(answer, RateLimited)
    assert answer.limit is Limit.STACK_DAY


def test_when_one_window_refuses_no_other_is_taken_from(store: ChallengeStore) -> None:
    store.open(new_challenge(), siblings=frozenset(), draw=draw(address="a", source="s"), now=NOW)
    full_source = draw(address="b", source="s", source_hour=1)
    full_stack = draw(address="b", source="t", stack_day=16)
    full_address = draw(address="a", source="t", shard=1)

    refusals = [
        store.open(new_challenge(), siblings=frozenset(), draw=taking, now=NOW)
        for taking in (full_source, full_stack, full_address)
    ]
    untouched = draw(address="b", source="t", shard=1, source_hour=1, stack_day=16)
    answer = store.open(new_challenge(), siblings=frozenset(), draw=untouched, now=NOW)

    assert [refusal.limit for refusal in refusals if isinstance(refusal, RateLimited)] == [
        Limit.SOURCE_HOUR,
        Limit.STACK_DAY,
        Limit.ADDRESS_INTERVAL,
    ]
    assert isinstance(answer, Opened)


def test_a_clock_that_went_back_lets_no_mail_out_early(store: ChallengeStore) -> None:
    """A46: functions' clocks differ a little; the window counts from the latest mail."""
    store.open(new_challenge(), siblings=frozenset(), draw=draw(), now=NOW)

    answer = store.open(new_challenge(), siblings=frozenset(), draw=draw(), now=NOW - timedelta(seconds=2))

    assert answer == RateLimited(limit=Limit.ADDRESS_INTERVAL, retry_after=timedelta(seconds=32))
