"""One conditional write: sent, and its refusal told apart from a table that did not answer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from otpost.aws.clients import answering, code_of, response_of
from otpost.aws.items import RawItem

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class ConditionFailed(Exception):
    """The condition did not hold; *old* is the item as it stood, None if there was none."""

    def __init__(self, old: RawItem | None) -> None:
        super().__init__("The condition did not hold.")
        self.old = old


def update(
    client: "DynamoDBClient", table: str, item: Model, *, actions: Sequence[Action], condition: Condition | None = None
) -> RawItem:
    """Update one item and return it as it stands afterwards; raise ConditionFailed or Unavailable."""
    arguments = update_arguments(table, item, actions=actions, condition=condition)
    with answering("DynamoDB"):
        try:
            return client.update_item(**arguments, ReturnValues="ALL_NEW")["Attributes"]
        except ClientError as error:
            if code_of(error) == "ConditionalCheckFailedException":
                raise ConditionFailed(response_of(error).get("Item")) from error
            raise


def update_arguments(
    table: str, item: Model, *, actions: Sequence[Action], condition: Condition | None
) -> dict[str, Any]:
    """Return the arguments of UpdateItem, or of an Update in a transaction."""
    arguments = item.get_update_kwargs_from_instance(
        actions=list(actions), condition=condition, return_values_on_condition_failure="ALL_OLD"
    )
    arguments["TableName"] = table
    return arguments


def read(client: "DynamoDBClient", table: str, pk: str) -> RawItem | None:
    """Return one item as the last write left it, or None."""
    with answering("DynamoDB"):
        return client.get_item(TableName=table, Key={"pk": {"S": pk}}, ConsistentRead=True).get("Item")
