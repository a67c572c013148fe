"""Instants are aware UTC datetimes in whole milliseconds, so that what is stored compares equal to what was meant."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime.fromtimestamp(0, UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_milliseconds(instant: datetime) -> int:
    """Return milliseconds since 1970."""
    return (instant - EPOCH) // _MILLISECOND


def from_milliseconds(milliseconds: int) -> datetime:
    """Return the instant of a number of milliseconds since 1970."""
    return EPOCH + milliseconds * _MILLISECOND


def whole_milliseconds(instant: datetime) -> datetime:
    """Drop what is finer than a millisecond."""
    return from_milliseconds(to_milliseconds(instant))


def rfc3339(instant: datetime) -> str:
    """Return the instant as the API writes it: `2026-01-31T09:30:00.000Z`."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"
