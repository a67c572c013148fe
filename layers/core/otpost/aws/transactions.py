"""One transaction of DynamoDB: all of it or nothing, and the reason of each part that refused."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from otpost import crypto
from otpost.aws.clients import answering, response_of
from otpost.aws.items import RawItem
from otpost.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAX_TRIES = 4
"""One try and three more: two transactions on one item at one time cancel each other, which refuses neither."""

_FAILED, _CONFLICT, _FINE = "ConditionalCheckFailed", "TransactionConflict", "None"

type Refusals = Mapping[int, RawItem | None]
"""The parts whose conditions did not hold, by position, with the item as it stood."""


class Transactions:
    """Writes transactions. *sleep* waits between tries."""

    def __init__(self, client: "DynamoDBClient", *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

    def write(self, parts: Sequence[dict[str, Any]], *, decisive: frozenset[int]) -> Refusals:
        """Write *parts* and return the refusals, none if all was done.

        A conflict hides what its part would have said, so it is tried again, unless one of the *decisive* parts has
        refused: their refusal outranks the others'. Raises Unavailable when conflicts do not end.
        """
        for attempt in range(MAX_TRIES):
            if attempt:
                self._sleep(0.05 * attempt * (0.5 + crypto.jitter()))
            codes, refusals = self._once(parts)
            if _CONFLICT not in codes or not decisive.isdisjoint(refusals):
                return refusals
        raise Unavailable("DynamoDB could not order this transaction among others.")

    def _once(self, parts: Sequence[dict[str, Any]]) -> tuple[set[str], Refusals]:
        with answering("DynamoDB"):
            try:
                self._client.transact_write_items(TransactItems=list(parts))  # type: ignore[arg-type]  # built by PynamoDB
            except ClientError as error:
                reasons: Sequence[Mapping[str, Any]] = response_of(error).get("CancellationReasons", [])
                codes = {reason["Code"] for reason in reasons}
                if not codes - {_FINE} or codes - {_FAILED, _CONFLICT, _FINE}:
                    raise
                return codes, {at: reason.get("Item") for at, reason in enumerate(reasons) if reason["Code"] == _FAILED}
        return set(), {}
