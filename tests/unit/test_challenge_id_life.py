"""Where and how long a challenge id is read at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from otpost.challenge_id import hour_of
from tests.contract.samples import MILLISECOND
from tests.unit.ids import ID, parse


@pytest.mark.parametrize("region", ["eu-west-1", "eu-central-2", "", "EU-CENTRAL-1", "eu-central-1 "])
def test_an_id_of_another_region_is_none(region: str) -> None:
    """A47: a challenge lives in one Region only."""
    assert parse(ID.token, region=region) is None
    assert parse(replace(ID, region=region).token) is None


@pytest.mark.parametrize(
    ("hours", "alive"), [(-1000, False), (-26, False), (-25, True), (-1, True), (0, True), (1, True), (2, False)]
)
def test_an_id_lives_from_one_hour_ahead_to_25_hours_ago(hours: int, alive: bool) -> None:  # noqa: FBT001
    """A46: functions' clocks may differ by less than an hour; the longest life is a day."""
    other = replace(ID, hour=ID.hour + hours)

    assert (parse(other.token) is not None) is alive


def test_an_id_ends_with_its_25th_hour() -> None:
    end = datetime(2026, 2, 1, 11, tzinfo=UTC)  # the hour of NOW is 9 on the day before

    assert parse(ID.token, now=end - MILLISECOND) == ID
    assert parse(ID.token, now=end) is None


def test_the_largest_hour_is_refused_and_breaks_nothing() -> None:
    assert parse(replace(ID, hour=2**32 - 1).token) is None


@pytest.mark.parametrize(
    ("instant", "hour"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (datetime(1970, 1, 1, 0, 59, 59, 999_999, UTC), 0),
        (datetime(1970, 1, 1, 1, tzinfo=UTC), 1),
        (datetime(2026, 1, 31, 9, 59, 59, 999_999, UTC), 491_625),
        (datetime(2026, 1, 31, 10, tzinfo=UTC), 491_626),
    ],
)
def test_hours_are_counted_from_1970(instant: datetime, hour: int) -> None:
    assert hour_of(instant) == hour
    assert hour_of(instant.astimezone(tz=None)) == hour
    assert hour_of(instant + timedelta(hours=1)) == hour + 1
