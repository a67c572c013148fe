"""The patch of moto's transactions: all or nothing, as before, and without a copy of the table."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from moto.dynamodb.exceptions import MultipleTransactionsException, TransactionCanceledException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table

from otpost_tools.sandbox import moto_transactions

ORIGINAL = DynamoDBBackend.transact_write_items


@pytest.fixture
def backend() -> Iterator[DynamoDBBackend]:
    backend = DynamoDBBackend("eu-central-1", "123456789012")
    keys = [{"AttributeName": "pk", "KeyType": "HASH"}]
    for name, more in (("plain", []), ("sorted", [{"AttributeName": "sk", "KeyType": "RANGE"}])):
        backend.create_table(
            name,
            schema=keys + more,
            throughput=None,
            attr=[{"AttributeName": key["AttributeName"], "AttributeType": "S"} for key in keys + more],
            global_indexes=None,
            indexes=None,
            streams=None,
            billing_mode="PAY_PER_REQUEST",
            sse_specification=None,
            tags=[],
            deletion_protection_enabled=False,
            warm_throughput=None,
        )
    moto_transactions.install()
    yield backend
    DynamoDBBackend.transact_write_items = ORIGINAL  # type: ignore[method-assign] # the patch taken back


def put(key: str, table: str = "plain", **attributes: str) -> dict[str, Any]:
    named = {name: {"S": value} for name, value in {"pk": key, **attributes}.items()}
    return {"Put": {"TableName": table, "Item": named}}


def add(key: str, table: str = "plain", **more: str) -> dict[str, Any]:
    return {
        "Update": {
            "TableName": table,
            "Key": {name: {"S": value} for name, value in {"pk": key, **more}.items()},
            "UpdateExpression": "ADD tries :one SET seen = :yes",
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":yes": {"S": "yes"}},
        }
    }


def delete(key: str) -> dict[str, Any]:
    return {"Delete": {"TableName": "plain", "Key": {"pk": {"S": key}}}}


REFUSED = {
    "ConditionCheck": {
        "TableName": "plain",
        "Key": {"pk": {"S": "nobody"}},
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeNames": None,
        "ExpressionAttributeValues": None,
    }
}


def contents(backend: DynamoDBBackend) -> list[Any]:
    """Every item of every table, as JSON."""
    found: list[Any] = []
    for name, table in sorted(backend.tables.items()):
        for items in table.items.values():
            rows: list[Any] = list(items.values()) if table.has_range_key else [items]
            found += [(name, copy.deepcopy(item.to_json())) for item in rows]
    return sorted(found, key=repr)


def before(backend: DynamoDBBackend) -> list[Any]:
    backend.transact_write_items([put("old", note="first"), put("gone"), put("a", "sorted", sk="1", note="x")])
    return contents(backend)


@pytest.mark.parametrize(
    "actions",
    [
        [put("new")],
        [put("old", note="second")],
        [add("old")],
        [add("new")],
        [delete("gone")],
        [put("old", note="second"), add("new"), delete("gone"), add("a", "sorted", sk="1"), put("a", "sorted", sk="2")],
    ],
)
def test_refused_transaction_changes_nothing(backend: DynamoDBBackend, actions: list[dict[str, Any]]) -> None:
    kept = before(backend)
    with pytest.raises(TransactionCanceledException):
        backend.transact_write_items([*actions, REFUSED])
    assert contents(backend) == kept


def test_item_named_twice_is_refused_and_changes_nothing(backend: DynamoDBBackend) -> None:
    kept = before(backend)
    with pytest.raises(MultipleTransactionsException):
        backend.transact_write_items([put("new"), add("old"), add("old")])
    assert contents(backend) == kept


def test_accepted_transaction_changes_everything(backend: DynamoDBBackend) -> None:
    before(backend)
    backend.transact_write_items([put("new"), add("old"), delete("gone")])
    keys = [item["Attributes"]["pk"]["S"] for name, item in contents(backend) if name == "plain"]
    assert sorted(keys) == ["new", "old"]


def test_no_table_is_copied(backend: DynamoDBBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    before(backend)
    copied: list[object] = []
    real = copy.deepcopy

    def spy(value: Any, memo: Any = None) -> Any:
        copied.append(value)
        return real(value, memo)

    monkeypatch.setattr(copy, "deepcopy", spy)
    table = backend.tables["plain"]
    backend.transact_write_items([add("old")])
    assert backend.tables["plain"] is table
    assert not any(isinstance(value, dict) and value is table.items for value in copied)
    assert "__deepcopy__" not in vars(Table)


def test_table_with_a_stream_keeps_motos_own_way(backend: DynamoDBBackend) -> None:
    before(backend)
    backend.tables["plain"].set_stream_specification({"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
    shard = backend.tables["plain"].stream_shard
    assert shard is not None
    recorded = len(shard.items)
    with pytest.raises(TransactionCanceledException):
        backend.transact_write_items([put("new"), REFUSED])
    after = backend.tables["plain"].stream_shard
    assert after is not None
    assert len(after.items) == recorded
