"""One AWS account on moto: the resources that template.yaml declares, as far as the adapters see them."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID, botocore_stubber
from moto.dynamodb.models import dynamodb_backends
from moto.ses.models import ses_backends
from moto.sqs.models import sqs_backends

from tests.backends.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_kms.literals import KeySpecType, KeyUsageTypeType
    from mypy_boto3_sqs import SQSClient

REGION = "eu-central-1"
CHALLENGES, IDENTITIES = "challenges", "identities"
SENDER = "no-reply@otpost.example"
CONFIGURATION_SET = "codes"

type Item = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The ARNs of the three keys."""

    code: str
    identity: str
    signing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail that SES accepted."""

    sender: str
    recipients: tuple[str, ...]
    mime: bytes


class Account:
    """An account. Its own look-ups go past the wire: they are neither counted nor struck by faults."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        session = boto3.Session(region_name=REGION)
        self._dynamodb: DynamoDBClient = session.client("dynamodb")
        self._sqs: SQSClient = session.client("sqs")
        self._kms: KMSClient = session.client("kms")
        session.client("ses").verify_domain_identity(Domain=SENDER.partition("@")[2])
        self.keys = Keys(
            code=self.create_key("HMAC_256", "GENERATE_VERIFY_MAC"),
            identity=self.create_key("HMAC_256", "GENERATE_VERIFY_MAC"),
            signing=self.create_key("ECC_NIST_P256", "SIGN_VERIFY"),
        )
        self._public_key = self._kms.get_public_key(KeyId=self.keys.signing)["PublicKey"]
        self.queue_url = ""
        self.clear()

    def create_key(self, spec: "KeySpecType", usage: "KeyUsageTypeType") -> str:
        """Create a key and return its ARN."""
        return self._kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["Arn"]

    def public_key(self) -> bytes:
        """Return the public half of SigningKey, in DER."""
        return self._public_key

    def clear(self) -> None:
        """Empty tables, queue and outgoing mail; keys stay."""
        dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].reset()
        sqs_backends[DEFAULT_ACCOUNT_ID][REGION].reset()
        self._sent().clear()
        for table in (CHALLENGES, IDENTITIES):
            self._dynamodb.create_table(
                TableName=table,
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )
        self.queue_url = self._sqs.create_queue(QueueName="mail")["QueueUrl"]

    def items(self, table: str | None = None) -> list[Item]:
        """Return every item of *table*, or of both, as stored."""
        tables = [table] if table else [CHALLENGES, IDENTITIES]
        return [item for one in tables for item in self._dynamodb.scan(TableName=one)["Items"]]

    @staticmethod
    def glance(table: str) -> list[Item]:
        """Return every item of *table* as moto keeps it: a tenth of the time of a scan, but binaries may be base64."""
        kept = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[table].all_items()
        return [{name: value.to_json() for name, value in item.attrs.items()} for item in kept]

    def snapshot(self) -> Callable[[], None]:
        """Return what puts tables, queue and outgoing mail back to how they are now."""
        tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
        queue = sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues["mail"]
        items = {name: copy.deepcopy(tables[name].items) for name in (CHALLENGES, IDENTITIES)}
        messages, sent = list(queue._messages), list(self._sent())

        def restore() -> None:
            for name, kept in items.items():
                tables[name].items = copy.deepcopy(kept)
            queue._messages[:] = messages
            self._sent()[:] = sent

        return restore

    def put(self, table: str, item: Item) -> None:
        """Store an item, past every condition."""
        self._dynamodb.put_item(TableName=table, Item=item)

    def queued(self) -> list[str]:
        """Return the bodies of all messages in the mail queue, in flight or not; they stay there."""
        queue = sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues["mail"]
        return [str(message.body) for message in queue._messages]

    def take_queued(self) -> list[str]:
        """Take every message out of the mail queue and return their bodies, each once."""
        bodies = dict.fromkeys(self.queued())
        sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues["mail"]._messages.clear()
        return list(bodies)

    def mails(self) -> list[Mail]:
        """Return what SES accepted, oldest first.

        moto adds the recipients that the message's headers name, so a mail to somebody else would show here.
        """
        return [
            Mail(sender=sent.source, recipients=tuple(dict.fromkeys(sent.destinations)), mime=sent.raw_data.encode())
            for sent in self._sent()
        ]

    @staticmethod
    def _sent() -> list[Any]:
        sent: list[Any] = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
        return sent


@contextmanager
def open_account() -> Iterator[Account]:
    """Start moto with a fresh account, through which every client of boto3's default session goes.

    The region and credentials are in the environment meanwhile; botocore's pauses between tries take no time.
    """
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_REGION", REGION)
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        patch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))
        wire = Wire()
        boto3.setup_default_session(region_name=REGION)
        events: Any = boto3.DEFAULT_SESSION.events  # type: ignore[union-attr]  # set by the line before
        events.unregister("before-send", botocore_stubber)
        events.register("before-send", wire)
        yield Account(wire)
