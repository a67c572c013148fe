"""Every place of a running sandbox where something could have leaked to, read as its owner could read it."""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

import boto3

from tests.e2e.processes import stopped
from tests.sandboxes import Sandbox

_WAIT_SECONDS = 30.0
_OWN = ("email", "nonce", "transaction")
"""What the item of a challenge holds in clear, and no other item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What was found in each place."""

    logs: list[dict[str, str]] = field(repr=False)
    metrics: str = field(repr=False)
    output: str = field(repr=False)
    challenges: list[dict[str, Any]] = field(repr=False)
    others: list[dict[str, Any]] = field(repr=False)
    queue: list[str] = field(repr=False)
    dead_letters: list[str] = field(repr=False)

    def texts(self) -> dict[str, str]:
        """Return each place as one text, without what belongs there: ids in queues, the address in its challenge."""
        return {
            "logs": "\n".join(line["line"] for line in self.logs),
            "metrics": self.metrics,
            "output of the sandbox": self.output,
            "challenges": "\n".join(_text(_without_own(item)) for item in self.challenges),
            "windows, counters and identities": "\n".join(_text(item) for item in self.others),
            "mail queue": "\n".join(self.queue),
            "dead letters": "\n".join(self.dead_letters),
        }


def read(sandbox: Sandbox) -> Places:
    """Read all places; messages are those that `under_way` left."""
    items = [item for table in _tables(sandbox) for item in table]
    return Places(
        logs=json.loads(_get(sandbox, "logs")),
        metrics=_get(sandbox, "metrics"),
        output=sandbox.output.read_text(),
        challenges=[item for item in items if item["pk"]["S"].startswith("challenge#")],
        others=[item for item in items if not item["pk"]["S"].startswith("challenge#")],
        queue=_queued(sandbox),
        dead_letters=_dead_letters(sandbox),
    )


def spoil(sandbox: Sandbox, email: str) -> None:
    """Make the challenge of *email* one that no mail can be made of, so that its messages stay in the queue."""
    dynamodb = client(sandbox, "dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        for item in dynamodb.scan(TableName=table)["Items"]:
            if item.get("email") == {"S": email}:
                dynamodb.put_item(TableName=table, Item=item | {"email": {"S": f"{email}\r\nBcc: nobody"}})


@contextmanager
def impatient(sandbox: Sandbox) -> Iterator[None]:
    """While this lasts, a message that failed is visible again after a second."""
    sqs, url = client(sandbox, "sqs"), _queue(sandbox, dead=False)
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=url, Attributes=before)


def client(sandbox: Sandbox, service: str) -> Any:
    """Return a client of the sandbox's backends."""
    return boto3.client(
        service,  # type: ignore[call-overload]  # one of several
        endpoint_url=str(sandbox.client.send("GET", "/_sandbox/state").members["backends_url"]),
        region_name="eu-central-1",
        aws_access_key_id="none",
        aws_secret_access_key="none",
    )


def _tables(sandbox: Sandbox) -> Iterator[list[dict[str, Any]]]:
    dynamodb = client(sandbox, "dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        pages = dynamodb.get_paginator("scan").paginate(TableName=table)
        yield [item for page in pages for item in page["Items"]]


def _queue(sandbox: Sandbox, *, dead: bool) -> str:
    urls: list[str] = client(sandbox, "sqs").list_queues()["QueueUrls"]
    return next(url for url in urls if url.endswith("-mail") is not dead)


def _queued(sandbox: Sandbox) -> list[str]:
    """Return what stands in the mail queue, while the sandbox, which would take it, is held still."""
    sqs, url = client(sandbox, "sqs"), _queue(sandbox, dead=False)
    with stopped(sandbox.process):
        return _received(sqs, url)


def _dead_letters(sandbox: Sandbox) -> list[str]:
    return _received(client(sandbox, "sqs"), _queue(sandbox, dead=True))


def _received(sqs: Any, url: str) -> list[str]:
    """Wait for messages and return them whole, with all that SQS says of them."""
    until = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < until:
        said = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"]
        )
        if "Messages" in said:
            return [json.dumps(message) for message in said["Messages"]]
        time.sleep(0.1)
    raise AssertionError("no message came")


def _get(sandbox: Sandbox, what: str) -> str:
    connection = HTTPConnection(sandbox.url.removeprefix("http://"), timeout=30)
    connection.request("GET", f"/_sandbox/{what}")
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def _without_own(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in _OWN}


def _text(item: dict[str, Any]) -> str:
    """Return an item as text, binaries in both of the forms in which tools show them."""
    return json.dumps(item, default=lambda data: [base64.b64encode(bytes(data)).decode(), bytes(data).hex()])
