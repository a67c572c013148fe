"""The queue is pumped as Lambda's event source mapping does it."""

import json
from typing import Any

import boto3
import pytest
from mypy_boto3_dynamodb import DynamoDBClient
from mypy_boto3_sqs import SQSClient

from tests.sandbox.speech import Speech, eventually

_SESSION = boto3.Session("sandbox", "sandbox", region_name="eu-central-1")
_PREFIX = "/123456789012/fixture-"


@pytest.fixture
def backends(sandbox: Speech) -> str:
    return str(sandbox.get("/_sandbox/state").json()["backends_url"])


@pytest.fixture
def sqs(backends: str) -> SQSClient:
    return _SESSION.client("sqs", endpoint_url=backends)


@pytest.fixture
def dynamodb(backends: str) -> DynamoDBClient:
    return _SESSION.client("dynamodb", endpoint_url=backends)


def seen(dynamodb: DynamoDBClient, name: str) -> int:
    item = dynamodb.get_item(TableName="fixture-Table", Key={"pk": {"S": name}}).get("Item", {})
    return int(item.get("seen", {"N": "0"})["N"])


def send(sandbox: Speech, *bodies: dict[str, Any]) -> None:
    assert sandbox.probe(do="send", bodies=bodies).status == 200


def left(sqs: SQSClient, backends: str, queue: str = "Queue") -> tuple[int, int]:
    """Messages of a queue that are visible, and that are not."""
    url = f"{backends}{_PREFIX}{queue}"
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return int(attributes["ApproximateNumberOfMessages"]), int(attributes["ApproximateNumberOfMessagesNotVisible"])


def test_message_is_handled_once_and_deleted(
    sandbox: Speech, dynamodb: DynamoDBClient, sqs: SQSClient, backends: str
) -> None:
    send(sandbox, {"name": "a"})
    eventually(lambda: seen(dynamodb, "a") == 1)
    eventually(lambda: left(sqs, backends) == (0, 0))
    assert seen(dynamodb, "a") == 1


def test_only_the_failed_message_of_a_batch_stays(
    sandbox: Speech, dynamodb: DynamoDBClient, sqs: SQSClient, backends: str
) -> None:
    send(sandbox, {"name": "good"}, {"name": "bad", "do": "fail"}, {"name": "fine"})
    eventually(lambda: all(seen(dynamodb, name) for name in ("good", "bad", "fine")))
    eventually(lambda: left(sqs, backends) == (0, 1))
    assert seen(dynamodb, "good") == 1


def test_failed_message_comes_back_after_its_visibility_and_then_goes_to_the_dead_letters(
    sandbox: Speech, dynamodb: DynamoDBClient, sqs: SQSClient, backends: str
) -> None:
    send(sandbox, {"name": "stubborn", "do": "fail"})
    eventually(lambda: seen(dynamodb, "stubborn") == 1)
    sandbox.post("/_sandbox/clock", {"advance_seconds": 31})
    eventually(lambda: seen(dynamodb, "stubborn") == 2)
    sandbox.post("/_sandbox/clock", {"advance_seconds": 31})
    eventually(lambda: left(sqs, backends, "DeadLetters") == (1, 0))
    assert left(sqs, backends) == (0, 0)
    assert seen(dynamodb, "stubborn") == 2


def test_crash_leaves_the_whole_batch_in_the_queue(
    sandbox: Speech, dynamodb: DynamoDBClient, sqs: SQSClient, backends: str
) -> None:
    send(sandbox, {"name": "deadly", "do": "crash"})
    eventually(lambda: seen(dynamodb, "deadly") == 1)
    eventually(lambda: any("REPORT" in line for line in sandbox.lines("QueueFunction")))
    assert left(sqs, backends) == (0, 1)


def test_record_has_the_members_that_lambda_sends(sandbox: Speech) -> None:
    send(sandbox, {"name": "shown", "do": "print"})
    lines = eventually(lambda: [line for line in sandbox.lines("QueueFunction") if line.startswith('{"seen"')])
    record = json.loads(lines[0])["seen"]
    assert list(record) == [
        "messageId",
        "receiptHandle",
        "body",
        "attributes",
        "messageAttributes",
        "md5OfBody",
        "eventSource",
        "eventSourceARN",
        "awsRegion",
    ]
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == "arn:aws:sqs:eu-central-1:123456789012:fixture-Queue"
    assert record["awsRegion"] == "eu-central-1"
