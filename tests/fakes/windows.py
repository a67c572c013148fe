"""The windows of a ChallengeStore in memory. Whoever uses them holds a lock."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from otpost.challenge_id import hour_of
from otpost.ports import Draw
from otpost.window import REMEMBERED_SENDS, Limit, RateLimited, end_of_day, end_of_hour


@dataclass(frozen=True, slots=True)
class MemoryWindows:
    """The last send times of addresses, newest first; mails by source and hour; mails by day and shard."""

    addresses: dict[str, list[datetime]] = field(default_factory=dict)
    sources: Counter[tuple[str, int]] = field(default_factory=Counter)
    shards: Counter[tuple[str, int]] = field(default_factory=Counter)

    def take(self, draw: Draw, now: datetime) -> RateLimited | None:
        """Take one mail from every window that applies, or from none and name the longest wait."""
        refusals = [refused for refused in self._refusals(draw, now) if refused is not None]
        if refusals:
            return max(refusals, key=lambda refused: refused.retry_after)
        self.addresses[draw.address] = [now, *self._sent(draw)][:REMEMBERED_SENDS]
        if draw.source is not None:
            self.sources[draw.source, hour_of(now)] += 1
        self.shards[_day(now), draw.shard] += 1
        return None

    def _refusals(self, draw: Draw, now: datetime) -> tuple[RateLimited | None, ...]:
        address = draw.windows.address_refusal(self._sent(draw), now)
        source = stack = None
        if draw.source is not None and self.sources[draw.source, hour_of(now)] >= draw.windows.source_hour:
            source = RateLimited(limit=Limit.SOURCE_HOUR, retry_after=end_of_hour(now) - now)
        if self.shards[_day(now), draw.shard] >= draw.windows.stack_shard:
            stack = RateLimited(limit=Limit.STACK_DAY, retry_after=end_of_day(now) - now)
        return address, source, stack

    def _sent(self, draw: Draw) -> list[datetime]:
        return self.addresses.get(draw.address, [])


def _day(now: datetime) -> str:
    return f"{now:%Y-%m-%d}"
