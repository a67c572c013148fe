"""Instants in whole milliseconds."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpost.instant import EPOCH, from_milliseconds, rfc3339, to_milliseconds, whole_milliseconds

INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC))  # noqa: DTZ001


@given(st.integers(0, 7_258_118_400_000))
def test_milliseconds_are_kept_exactly(milliseconds: int) -> None:
    assert to_milliseconds(from_milliseconds(milliseconds)) == milliseconds


@given(INSTANTS)
def test_what_is_finer_than_a_millisecond_is_dropped(instant: datetime) -> None:
    whole = whole_milliseconds(instant)

    assert whole == instant.replace(microsecond=instant.microsecond // 1000 * 1000)
    assert from_milliseconds(to_milliseconds(whole)) == whole


@given(INSTANTS)
def test_the_written_form_is_read_back_to_the_millisecond(instant: datetime) -> None:
    assert datetime.fromisoformat(rfc3339(instant)) == whole_milliseconds(instant)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (EPOCH, "1970-01-01T00:00:00.000Z"),
        (datetime(2026, 1, 31, 9, 30, 0, 1_999, UTC), "2026-01-31T09:30:00.001Z"),
        (datetime(2026, 12, 31, 23, 59, 59, 999_999, UTC), "2026-12-31T23:59:59.999Z"),
    ],
)
def test_instants_are_written_in_utc_with_milliseconds(instant: datetime, text: str) -> None:
    assert rfc3339(instant) == text
