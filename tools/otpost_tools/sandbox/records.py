"""The events that a queue's event source mapping hands to Lambda, and what it makes of the answer."""

import json
from typing import Any

from otpost_tools.sandbox import place
from otpost_tools.sandbox.invocation import Answered, Outcome

_ATTRIBUTES = ("ApproximateReceiveCount", "SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp")


def event(messages: list[dict[str, Any]], queue_arn: str) -> bytes:
    """The event for a batch of messages as SQS's ReceiveMessage returns them."""
    return json.dumps({"Records": [_record(message, queue_arn) for message in messages]}).encode()


def _record(message: dict[str, Any], queue_arn: str) -> dict[str, Any]:
    attributes = message.get("Attributes", {})
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": {name: str(attributes[name]) for name in _ATTRIBUTES if name in attributes},
        "messageAttributes": {
            name: _message_attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": place.REGION,
    }


def _message_attribute(value: dict[str, Any]) -> dict[str, Any]:
    given = {"stringValue": value.get("StringValue"), "binaryValue": value.get("BinaryValue")}
    known = {name: member for name, member in given.items() if member is not None}
    return {**known, "stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}


def failed(outcome: Outcome, message_ids: set[str], *, partial: bool) -> set[str]:
    """The messages of a batch that stay in the queue.

    All of them if the run failed or named a message that was not in the batch; those it named if the mapping reports
    batch item failures; else none.
    """
    if not isinstance(outcome, Answered):
        return message_ids
    if not partial:
        return set()
    named = _named(outcome.payload)
    return message_ids if named is None or not named <= message_ids else named


def _named(payload: bytes) -> set[str] | None:
    """The message ids that the answer names as failed; None if it is not an answer of that kind."""
    answer = json.loads(payload)
    if answer is None or answer == {}:
        return set()
    if not isinstance(answer, dict) or not isinstance(answer.get("batchItemFailures") or [], list):
        return None
    named: set[str] = set()
    for item in answer.get("batchItemFailures") or []:
        identifier = item.get("itemIdentifier") if isinstance(item, dict) else None
        if not isinstance(identifier, str) or not identifier:
            return None
        named.add(identifier)
    return named
