"""The windows of an address, exact to the millisecond, and the ends of hours and days."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpost.window import REMEMBERED_SENDS, STACK_SHARDS, Limit, RateLimited, Windows, end_of_day, end_of_hour
from tests.contract.samples import MILLISECOND, NOW, WINDOWS

DAY = timedelta(days=1)
PAUSES = st.integers(0, 2 * 86_400_000).map(lambda milliseconds: milliseconds * MILLISECOND)
SHORT_PAUSES = st.sampled_from([0, 1, 29_999, 30_000, 30_001, 719_999, 720_000, 3_600_000, 8_640_000]).map(
    lambda milliseconds: milliseconds * MILLISECOND
)
LIMITS = st.builds(
    Windows,
    address_interval=st.integers(1, 3600).map(lambda seconds: timedelta(seconds=seconds)),
    address_hour=st.integers(1, REMEMBERED_SENDS),
    address_day=st.integers(1, REMEMBERED_SENDS),
    source_hour=st.just(300),
    stack_day=st.just(100_000),
)


def allowed_by_counting(windows: Windows, sent: list[datetime], now: datetime) -> bool:
    """Say whether a mail at *now* keeps to the three limits, by counting what was sent in each span before it."""
    spans = ((1, windows.address_interval), (windows.address_hour, timedelta(hours=1)), (windows.address_day, DAY))
    return all(sum(each > now - span for each in sent) < count for count, span in spans)


@given(windows=LIMITS, pauses=st.lists(st.one_of(PAUSES, SHORT_PAUSES), max_size=40))
def test_mails_go_out_exactly_when_counting_allows_them(windows: Windows, pauses: list[timedelta]) -> None:
    """A6."""
    now, remembered, all_sent = NOW, list[datetime](), list[datetime]()
    for pause in pauses:
        now += pause
        refused = windows.address_refusal(remembered, now)

        assert (refused is None) is allowed_by_counting(windows, all_sent, now)
        if refused is None:
            remembered = [now, *remembered][:REMEMBERED_SENDS]
            all_sent.append(now)


@given(windows=LIMITS, pauses=st.lists(SHORT_PAUSES, min_size=1, max_size=12))
def test_a_refusal_says_exactly_when_the_next_mail_may_go(windows: Windows, pauses: list[timedelta]) -> None:
    """A6: a caller who waits as told is let in, and nobody a millisecond earlier."""
    now, remembered = NOW, list[datetime]()
    for pause in pauses:
        now += pause
        refused = windows.address_refusal(remembered, now)
        if refused is None:
            remembered = [now, *remembered][:REMEMBERED_SENDS]
            continue
        free = now + refused.retry_after
        assert refused.retry_after > timedelta()
        assert windows.address_refusal(remembered, free - MILLISECOND) is not None
        assert windows.address_refusal(remembered, free) is None


def sent_every(pause: timedelta, count: int) -> list[datetime]:
    """Return send times, newest first; the oldest is NOW."""
    return [NOW + number * pause for number in reversed(range(count))]


@pytest.mark.parametrize(
    ("pause", "count", "limit", "span"),
    [
        (timedelta(seconds=1), 1, Limit.ADDRESS_INTERVAL, timedelta(seconds=30)),
        (timedelta(minutes=1), 5, Limit.ADDRESS_HOUR, timedelta(hours=1)),
        (timedelta(minutes=15), 10, Limit.ADDRESS_DAY, timedelta(days=1)),
    ],
)
def test_each_window_refuses_by_its_name_until_its_oldest_mail_leaves_it(
    pause: timedelta, count: int, limit: Limit, span: timedelta
) -> None:
    sent = sent_every(pause, count)
    now = sent[0] + timedelta(seconds=1)

    assert WINDOWS.address_refusal(sent, now) == RateLimited(limit=limit, retry_after=NOW + span - now)
    assert WINDOWS.address_refusal(sent, NOW + span - MILLISECOND) == RateLimited(limit=limit, retry_after=MILLISECOND)
    assert WINDOWS.address_refusal(sent, NOW + span) is None


def test_of_two_full_windows_the_longer_wait_is_named() -> None:
    sent = sent_every(timedelta(minutes=1), 5)

    refused = WINDOWS.address_refusal(sent, sent[0])

    assert refused == RateLimited(limit=Limit.ADDRESS_HOUR, retry_after=timedelta(minutes=56))


def test_ten_sends_are_remembered_and_sixteen_shards_counted() -> None:
    """The items of the table have as many places; a change is a migration."""
    assert (REMEMBERED_SENDS, STACK_SHARDS) == (10, 16)


def test_nothing_is_refused_before_the_first_mail() -> None:
    assert WINDOWS.address_refusal([], NOW) is None


@pytest.mark.parametrize("limit", [STACK_SHARDS, STACK_SHARDS + 1, 47, 100_000, 100_000_000])
def test_the_shards_of_a_stack_never_exceed_its_limit_together(limit: int) -> None:
    """A7."""
    windows = Windows(address_interval=DAY, address_hour=1, address_day=1, source_hour=1, stack_day=limit)

    assert 0 < windows.stack_shard * STACK_SHARDS <= limit
    assert (windows.stack_shard + 1) * STACK_SHARDS > limit


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC)))  # noqa: DTZ001
def test_hours_and_days_end_later_and_soon(now: datetime) -> None:
    assert timedelta() < end_of_hour(now) - now <= timedelta(hours=1)
    assert timedelta() < end_of_day(now) - now <= timedelta(days=1)
    assert (end_of_hour(now).minute, end_of_hour(now).second, end_of_hour(now).microsecond) == (0, 0, 0)
    assert end_of_day(now).time() == datetime.min.time()


@pytest.mark.parametrize(
    ("now", "hour", "day"),
    [
        (datetime(2026, 1, 31, 9, tzinfo=UTC), datetime(2026, 1, 31, 10, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)),
        (
            datetime(2026, 12, 31, 23, 59, 59, 999_000, UTC),
            datetime(2027, 1, 1, tzinfo=UTC),
            datetime(2027, 1, 1, tzinfo=UTC),
        ),
        (datetime(2028, 2, 28, 23, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC)),
    ],
)
def test_hours_and_days_end_where_the_clock_says(now: datetime, hour: datetime, day: datetime) -> None:
    assert (end_of_hour(now), end_of_day(now)) == (hour, day)
