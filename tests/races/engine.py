"""Where the races run: DynamoDB Local, reached by the real adapters with botocore's own clients."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from otpost.aws.challenges import DynamoChallenges
from otpost.aws.identities import DynamoIdentities

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CHALLENGES, IDENTITIES = "challenges", "identities"

type Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """The address of an engine. It travels to other processes, which make clients of their own."""

    url: str

    def client(self, *, connections: int = 16) -> "DynamoDBClient":
        """Return a client for as many threads as *connections*; it asks once, and waits longer than any queue here."""
        config = Config(
            max_pool_connections=connections,
            connect_timeout=60,
            read_timeout=60,
            retries={"total_max_attempts": 1, "mode": "standard"},
            parameter_validation=False,
        )
        session = boto3.Session(aws_access_key_id="races", aws_secret_access_key="races", region_name="eu-central-1")
        return session.client("dynamodb", endpoint_url=self.url, config=config)

    def stores(self, *, connections: int = 16) -> "Stores":
        """Return the real adapters on this engine."""
        return Stores(self.client(connections=connections))


@dataclass(frozen=True, slots=True)
class Stores:
    """The real adapters on one client, and how often the engine told one of them of a conflict."""

    client: "DynamoDBClient"
    challenges: DynamoChallenges = field(init=False)
    identities: DynamoIdentities = field(init=False)
    conflicts: Counter[str] = field(init=False, default_factory=Counter)

    def __post_init__(self) -> None:
        """Open the adapters and listen to the client's answers."""
        object.__setattr__(self, "challenges", DynamoChallenges(self.client, CHALLENGES))
        object.__setattr__(self, "identities", DynamoIdentities(self.client, IDENTITIES))
        self.client.meta.events.register("after-call.dynamodb", self._hear)

    def _hear(self, parsed: dict[str, Any], model: Any, **_: object) -> None:
        codes = [reason.get("Code") for reason in parsed.get("CancellationReasons", [])]
        codes.append(parsed.get("Error", {}).get("Code"))
        if "TransactionConflict" in codes or "TransactionConflictException" in codes:
            self.conflicts[model.name] += 1


class EngineAccount:
    """The two tables on the engine, for tests that look into them."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self._client = client

    def clear(self) -> None:
        """Make both tables anew, empty. They have no TTL: the tests' own time is long ago for the engine's clock."""
        standing = self._client.list_tables()["TableNames"]
        for table in (CHALLENGES, IDENTITIES):
            if table in standing:
                self._client.delete_table(TableName=table)
            self._client.create_table(
                TableName=table,
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )

    def items(self, table: str | None = None) -> list[Item]:
        """Return every item of *table*, or of both, as stored."""
        tables = [table] if table else [CHALLENGES, IDENTITIES]
        return [item for one in tables for item in self._client.scan(TableName=one, ConsistentRead=True)["Items"]]
