"""IdentityTable as an `IdentityStore`."""

from datetime import datetime
from typing import TYPE_CHECKING

from otpost.aws.items import IdentityItem as I
from otpost.aws.writes import ConditionFailed, read, update

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoIdentities:
    """Failure streaks; the attempt ids of a streak form a set, so that a repeat counts once."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def failures(self, identity: str) -> int:
        """See IdentityStore."""
        raw = read(self._client, self._table, _key(identity))
        return len(I.from_raw_data(dict(raw)).failures or ()) if raw else 0

    def add_failure(self, identity: str, *, attempt_id: bytes) -> None:
        """See IdentityStore."""
        update(self._client, self._table, I(_key(identity)), actions=[I.failures.add({attempt_id})])

    def record_success(self, identity: str, *, verified_at: datetime) -> None:
        """See IdentityStore."""
        newer = I.last_verified_at.does_not_exist() | (I.last_verified_at < verified_at)
        actions = [I.failures.remove(), I.last_verified_at.set(verified_at)]
        try:
            update(self._client, self._table, I(_key(identity)), actions=actions, condition=newer)
        except ConditionFailed:
            return  # this success, or a later one, has ended the streak already


def _key(identity: str) -> str:
    return f"identity#{identity}"
