"""How much mail an address, a source and the whole stack may cause, and what a refusal says.

The address window is exact: the last ten send times give three sliding windows in one comparison each. Source and
stack are counted by the clock hour and the UTC day.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

REMEMBERED_SENDS = 10
STACK_SHARDS = 16


class Limit(StrEnum):
    """Which limit refused, in the words of the API."""

    ADDRESS_INTERVAL = "address_interval"
    ADDRESS_HOUR = "address_hour"
    ADDRESS_DAY = "address_day"
    SOURCE_HOUR = "source_hour"
    STACK_DAY = "stack_day"
    FAILURE_STREAK = "failure_streak"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimited:
    """A refusal: nothing was sent, nothing was taken; *retry_after* is when the named limit next allows a try."""

    limit: Limit
    retry_after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """The limits of a deployment. Counts are mails; *address_interval* is the pause between two mails to an address."""

    address_interval: timedelta
    address_hour: int
    address_day: int
    source_hour: int
    stack_day: int

    @property
    def stack_shard(self) -> int:
        """Return what one of the stack's shards may send in a day; together they never exceed the limit."""
        return self.stack_day // STACK_SHARDS

    def sliding(self) -> tuple[tuple[Limit, int, timedelta], ...]:
        """Return (limit, n, span): at most n mails to an address within any span of that length."""
        return (
            (Limit.ADDRESS_INTERVAL, 1, self.address_interval),
            (Limit.ADDRESS_HOUR, self.address_hour, timedelta(hours=1)),
            (Limit.ADDRESS_DAY, self.address_day, timedelta(days=1)),
        )

    def address_refusal(self, sent: Sequence[datetime], now: datetime) -> RateLimited | None:
        """Say which window refuses a mail at *now* after *sent* (newest first), and for how long; the longest wins."""
        waits = [
            RateLimited(limit=limit, retry_after=sent[count - 1] + span - now)
            for limit, count, span in self.sliding()
            if len(sent) >= count and sent[count - 1] > now - span
        ]
        return max(waits, key=lambda refusal: refusal.retry_after, default=None)


def source_network(ip: str) -> str | None:
    """Return the network that one source controls: the /24 of an IPv4 address, the /64 of an IPv6 one.

    IPv4 addresses written as IPv6 (RFC 4291 §2.5.5.2) count as IPv4. None if *ip* is not an IP address.
    """
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ipaddress.ip_network((address.packed, 24 if address.version == 4 else 64), strict=False))  # noqa: PLR2004


def end_of_hour(now: datetime) -> datetime:
    """Return when the clock hour of *now* ends."""
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def end_of_day(now: datetime) -> datetime:
    """Return when the UTC day of *now* ends."""
    return datetime.combine(now.date() + timedelta(days=1), time(), UTC)
