"""docs/data-model.md: items, keys and access patterns as the adapters have them."""

import ast
import re
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws
from pynamodb.models import Model

from otpost.aws import items
from otpost.aws.identities import DynamoIdentities
from tests.docs.described import REPOSITORY, Node
from tests.docs.pages import blocks, names, rows, section, text

ITEMS: dict[str, type[Model]] = {
    "### Challenge": items.ChallengeItem,
    "### Address window": items.AddressWindowItem,
    "### Counter": items.CounterItem,
    "### Identity": items.IdentityItem,
}
REFERENCES = [name for name in names(text("data-model.md")) if ".py:" in name]


def _attributes(heading: str) -> Iterator[str]:
    for row in rows(section("data-model.md", heading)):
        first, *rest = names(row[0])
        if "…" in row[0]:
            stem, last = rest[0].rsplit("_", 1)
            yield from (f"{stem}_{at}" for at in range(int(first.rsplit("_", 1)[1]), int(last) + 1))
        else:
            yield first


@pytest.mark.parametrize("heading", ITEMS)
def test_every_attribute_is_described(heading: str) -> None:
    assert set(_attributes(heading)) == {each.attr_name for each in ITEMS[heading].get_attributes().values()}


def test_every_item_is_described() -> None:
    defined = {each for each in vars(items).values() if isinstance(each, type) and issubclass(each, items.Item)}
    assert set(ITEMS.values()) == defined - {items.Item}


def test_what_a_challenge_may_lack_is_said_to_be_absent() -> None:
    told = {names(row[0])[0] for row in rows(section("data-model.md", "### Challenge")) if "absent" in row[1]}
    assert told == {each.attr_name for each in items.ChallengeItem.get_attributes().values() if each.null}


@pytest.mark.parametrize("reference", REFERENCES)
def test_every_function_named_exists(reference: str) -> None:
    file, _, path = reference.partition(":")
    tree: ast.Module | ast.ClassDef | ast.FunctionDef = ast.parse((REPOSITORY / file).read_text(encoding="utf-8"))
    for name in path.split("."):
        found = [n for n in tree.body if isinstance(n, ast.ClassDef | ast.FunctionDef) and n.name == name]
        assert found, f"{file} has no {path}"
        tree = found[0]


def test_every_act_of_the_stores_is_an_access_pattern() -> None:
    told = {reference.partition(":")[2] for reference in REFERENCES}
    for file, store in (
        ("challenges", "DynamoChallenges"),
        ("identities", "DynamoIdentities"),
        ("outbox", "SqsOutbox"),
    ):
        tree = ast.parse((REPOSITORY / "layers" / "core" / "otpost" / "aws" / f"{file}.py").read_text(encoding="utf-8"))
        (adapter,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == store]
        acts = {node.name for node in adapter.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"}
        assert {f"{store}.{act}" for act in acts} <= told


def test_every_key_prefix_is_listed() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in (REPOSITORY / "layers/core/otpost/aws").glob("*.py"))
    used = set(re.findall(r'f?"([a-z]+#)', code))
    assert used == {f"{name}#" for name in re.findall(r"`([a-z]+)#…`", text("data-model.md"))}


def test_tables_have_one_key_and_the_ttl_described(source: Node) -> None:
    for table in ("ChallengeTable", "IdentityTable"):
        assert f"## {table}" in text("data-model.md")
        properties = source["Resources"][table]["Properties"]
        assert properties["KeySchema"] == [{"AttributeName": "pk", "KeyType": "HASH"}]
        assert properties["TimeToLiveSpecification"]["AttributeName"] == "remove_after"
        assert "GlobalSecondaryIndexes" not in properties


def test_the_expression_that_operations_shows_unlocks_an_identity() -> None:
    (expression,) = blocks(section("operations.md", "## An identity gets no more codes"), "")
    with mock_aws():
        client = boto3.client(
            "dynamodb", region_name="eu-central-1", aws_access_key_id="none", aws_secret_access_key="none"
        )
        client.create_table(
            TableName="identities",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        identities = DynamoIdentities(client, "identities")
        identities.add_failure("5" * 64, attempt_id=b"a" * 16)
        before = identities.failures("5" * 64)
        client.update_item(
            TableName="identities",
            Key={"pk": {"S": "identity#" + "5" * 64}},
            UpdateExpression=expression.strip(),
        )
        assert (before, identities.failures("5" * 64)) == (1, 0)
