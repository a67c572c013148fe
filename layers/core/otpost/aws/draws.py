"""Taking one mail from the windows: the parts of a transaction, and what their refusals mean."""

from datetime import datetime, timedelta
from typing import Any

from otpost.aws.conditions import all_of, any_of
from otpost.aws.items import AddressWindowItem as A
from otpost.aws.items import CounterItem, InstantAttribute, RawItem
from otpost.aws.writes import update_arguments
from otpost.challenge_id import hour_of
from otpost.errors import Unavailable
from otpost.instant import EPOCH
from otpost.ports import Draw
from otpost.window import REMEMBERED_SENDS, Limit, RateLimited, end_of_day, end_of_hour

_SENT: list[InstantAttribute] = [getattr(A, f"sent_{position}") for position in range(REMEMBERED_SENDS)]


def parts(table: str, draw: Draw, now: datetime) -> list[tuple[Limit, dict[str, Any]]]:
    """Return the updates that take one mail from every window, each with the limit that its refusal names."""
    updates = [(Limit.ADDRESS_INTERVAL, _address(table, draw, now))]
    if draw.source is not None:
        key = f"source#{draw.source}#{hour_of(now)}"
        updates.append((Limit.SOURCE_HOUR, _counter(table, key, draw.windows.source_hour, end_of_hour(now))))
    key = f"stack#{now:%Y-%m-%d}#{draw.shard}"
    updates.append((Limit.STACK_DAY, _counter(table, key, draw.windows.stack_shard, end_of_day(now))))
    return updates


def refusal(limit: Limit, old: RawItem | None, draw: Draw, now: datetime) -> RateLimited:
    """Return what the refusal of one window says, exact for the address from its old item."""
    if limit is Limit.SOURCE_HOUR:
        return RateLimited(limit=limit, retry_after=end_of_hour(now) - now)
    if limit is Limit.STACK_DAY:
        return RateLimited(limit=limit, retry_after=end_of_day(now) - now)
    refused = draw.windows.address_refusal(_sent(old), now)
    if refused is None:
        raise Unavailable("The address window refused without a reason.")
    return refused


def _address(table: str, draw: Draw, now: datetime) -> dict[str, Any]:
    """Three exact sliding windows in one update: compare three of the last ten send times, then shift them all."""
    allows = [
        any_of(_SENT[count - 1].does_not_exist(), _SENT[count - 1] <= now - span)
        for _, count, span in draw.windows.sliding()
    ]
    shifted = [newer.set(older | EPOCH) for newer, older in zip(_SENT[1:], _SENT, strict=False)]
    actions = [_SENT[0].set(now), *shifted, A.remove_after.set(_seconds(now + timedelta(days=2)))]
    return update_arguments(table, A(f"address#{draw.address}"), actions=actions, condition=all_of(*allows))


def _counter(table: str, key: str, limit: int, end: datetime) -> dict[str, Any]:
    condition = any_of(CounterItem.mails.does_not_exist(), CounterItem.mails < limit)
    remove_after = _seconds(end + timedelta(days=1))
    actions = [CounterItem.mails.add(1), CounterItem.remove_after.set(remove_after)]
    return update_arguments(table, CounterItem(key), actions=actions, condition=condition)


def _sent(old: RawItem | None) -> list[datetime]:
    item = A.from_raw_data(dict(old)) if old else None
    times = [getattr(item, f"sent_{position}") for position in range(REMEMBERED_SENDS)] if item else []
    return [sent for sent in times if sent is not None and sent > EPOCH]


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
