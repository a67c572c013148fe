"""The AWS clients of a function: made once at INIT, each with the same short patience.

A call gives up after two tries of at most four seconds (a mail after one), and none outlives its function's time
(`deadline`), so that a dependency which hangs becomes a clear answer within the 30 s of API Gateway.
"""
# pyright: reportUnknownMemberType=false
# boto3.client has an overload for every service, typed only where stubs are installed.

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from otpost.aws import deadline
from otpost.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient

_CONNECT_SECONDS, _READ_SECONDS = 1, 3
_CONFIG = Config(
    connect_timeout=_CONNECT_SECONDS,
    read_timeout=_READ_SECONDS,
    retries={"total_max_attempts": 2, "mode": "standard"},
    parameter_validation=False,  # the shapes are ours and tested; saves a fifth of a call's CPU
)
_ONCE = Config(retries={"total_max_attempts": 1, "mode": "standard"})


def dynamodb() -> "DynamoDBClient":
    """Return a DynamoDB client."""
    return deadline.keep(_reading_whole(boto3.client("dynamodb", config=_CONFIG)))


def kms() -> "KMSClient":
    """Return a KMS client."""
    return deadline.keep(_reading_whole(boto3.client("kms", config=_CONFIG)))


def sqs() -> "SQSClient":
    """Return an SQS client."""
    return deadline.keep(_reading_whole(boto3.client("sqs", config=_CONFIG)))


def ses() -> "SESV2Client":
    """Return an SES client. It tries once: SES knows no repeat from a second mail, so repeats are the queue's.

    A mail that could not be recorded in time is not handed over: it would be sent again.
    """
    client = _reading_whole(boto3.client("sesv2", config=_CONFIG.merge(_ONCE)))
    return deadline.keep(client, then=_CONNECT_SECONDS + _READ_SECONDS)


@contextmanager
def answering(service: str) -> Generator[None]:
    """Turn every way in which *service* can fail to answer into `Unavailable`.

    KeyError: the answer lacks the member that the caller reads from it.
    """
    try:
        yield
    except (BotoCoreError, ClientError, ResponseParserError, KeyError) as error:
        raise Unavailable(f"{service} did not answer.") from error


def _reading_whole[Client: BaseClient](client: Client) -> Client:
    """Have *client* refuse answers that are not whole.

    botocore takes a body that is no JSON for an empty answer: a read would find nothing, a send or a transaction would
    seem done.
    """
    client.meta.events.register("before-parse", _require_object)
    return client


def _require_object(*, response_dict: Mapping[str, Any], **_: object) -> None:
    try:
        whole = isinstance(json.loads(response_dict["body"]), dict)
    except UnicodeDecodeError:
        whole = False
    except ValueError:  # an error is one by its status, whatever a proxy wrote into its body
        whole = response_dict["status_code"] >= 300  # noqa: PLR2004 - as botocore tells errors from answers
    if not whole:
        raise ResponseParserError("The body is not one JSON object.")


def code_of(error: ClientError) -> str:
    """Return the name by which AWS refused."""
    return str(response_of(error).get("Error", {}).get("Code", ""))


def status_of(error: ClientError) -> int:
    """Return the HTTP status of a refusal; 500 if there is none."""
    return int(response_of(error).get("ResponseMetadata", {}).get("HTTPStatusCode", 500))


def response_of(error: ClientError) -> Mapping[str, Any]:
    """Return all that AWS answered; the published type leaves out what single operations add."""
    return error.response
