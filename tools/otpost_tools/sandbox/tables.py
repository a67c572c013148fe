"""The template's tables on whatever stands in for DynamoDB: created, and emptied.

This is the one place that knows what a stand-in takes of a table. Encryption, backups, deletion protection and tags are
AWS's own affair: neither moto nor DynamoDB Local does anything with them, so they are not passed on.
"""

from collections.abc import Mapping
from itertools import batched
from typing import Any

from otpost_tools.sandbox.backend_client import BackendClient
from otpost_tools.sandbox.blueprint import Resource
from otpost_tools.sandbox.shapes import mapping, truth

_MEMBERS = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
_BATCH = 25  # the most that BatchWriteItem takes


async def create(client: BackendClient, table: Resource) -> None:
    """Create one table; capacity on demand, whatever the template says."""
    members = {name: table.properties[name] for name in _MEMBERS if name in table.properties}
    await client.dynamodb("CreateTable", TableName=table.name, BillingMode="PAY_PER_REQUEST", **members)
    life = mapping(table.properties.get("TimeToLiveSpecification"), table.logical_id)
    if life:
        specification = {"AttributeName": life["AttributeName"], "Enabled": truth(life.get("Enabled"), "TTL")}
        await client.dynamodb("UpdateTimeToLive", TableName=table.name, TimeToLiveSpecification=specification)


async def empty(client: BackendClient) -> None:
    """Delete every item of every table. The tables stay, so that a function never meets one that is missing."""
    for table in (await client.dynamodb("ListTables"))["TableNames"]:
        description = (await client.dynamodb("DescribeTable", TableName=table))["Table"]
        keys = [member["AttributeName"] for member in description["KeySchema"]]
        for some in batched(await _keys(client, table, keys), _BATCH, strict=False):
            requests = [{"DeleteRequest": {"Key": key}} for key in some]
            await client.dynamodb("BatchWriteItem", RequestItems={table: requests})


async def _keys(client: BackendClient, table: str, keys: list[str]) -> list[Mapping[str, Any]]:
    """The key of every item."""
    found: list[Mapping[str, Any]] = []
    names = {f"#{at}": name for at, name in enumerate(keys)}
    start: dict[str, Any] = {}
    while True:
        page = await client.dynamodb(
            "Scan",
            TableName=table,
            ConsistentRead=True,
            ProjectionExpression=",".join(names),
            ExpressionAttributeNames=names,
            **start,
        )
        found += page["Items"]
        if "LastEvaluatedKey" not in page:
            return found
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
