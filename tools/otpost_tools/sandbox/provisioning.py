"""Creates on the backends what the template declares there. IAM, and so every policy, is not part of the sandbox."""

import asyncio
import json
from collections.abc import Awaitable
from typing import Any

from otpost_tools.sandbox import tables
from otpost_tools.sandbox.backend_client import BackendClient
from otpost_tools.sandbox.blueprint import Blueprint, Resource
from otpost_tools.sandbox.shapes import integer, mapping, text

_QUEUE_MEMBERS = (
    "DelaySeconds",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "VisibilityTimeout",
)
_CONFIGURATION_MEMBERS = ("DeliveryOptions", "ReputationOptions", "SendingOptions", "SuppressionOptions")


async def create(blueprint: Blueprint, client: BackendClient) -> None:
    """Create everything. The keys come first, because other resources and the functions name their ids."""
    keys = list(blueprint.resources("AWS::KMS::Key"))
    made = await asyncio.gather(*(_create_key(client, key) for key in keys))
    blueprint.physical.keys |= dict(zip((key.logical_id for key in keys), made, strict=True))
    await _each(
        [tables.create(client, table) for table in blueprint.resources("AWS::DynamoDB::Table")],
        [_create_queue(client, queue) for queue in blueprint.resources("AWS::SQS::Queue")],
        [_create_alias(client, alias) for alias in blueprint.resources("AWS::KMS::Alias")],
        [_create_identity(client, identity) for identity in blueprint.resources("AWS::SES::EmailIdentity")],
        [_create_configuration(client, found) for found in blueprint.resources("AWS::SES::ConfigurationSet")],
        [client.sns("CreateTopic", Name=topic.name) for topic in blueprint.resources("AWS::SNS::Topic")],
    )
    # A dead-letter queue has to exist before another queue names it.
    await _each([_redrive(client, blueprint, queue) for queue in blueprint.resources("AWS::SQS::Queue")])


async def _each(*groups: list[Any]) -> None:
    calls: list[Awaitable[None]] = [call for group in groups for call in group]
    await asyncio.gather(*calls)


async def _create_key(client: BackendClient, key: Resource) -> str:
    spec = text(key.properties.get("KeySpec", "SYMMETRIC_DEFAULT"), key.logical_id)
    usage = text(key.properties.get("KeyUsage", "ENCRYPT_DECRYPT"), key.logical_id)
    made = await client.kms("CreateKey", KeySpec=spec, KeyUsage=usage)
    return str(made["KeyMetadata"]["KeyId"])


async def _create_alias(client: BackendClient, alias: Resource) -> None:
    await client.kms("CreateAlias", AliasName=alias.name, TargetKeyId=alias.properties["TargetKeyId"])


async def _create_queue(client: BackendClient, queue: Resource) -> None:
    given = queue.properties
    attributes = {name: text(given[name], queue.logical_id) for name in _QUEUE_MEMBERS if name in given}
    await client.sqs("CreateQueue", QueueName=queue.name, Attributes=attributes)


async def _redrive(client: BackendClient, blueprint: Blueprint, queue: Resource) -> None:
    policy = mapping(queue.properties.get("RedrivePolicy"), queue.logical_id)
    if not policy:
        return
    counted = {**policy, "maxReceiveCount": integer(policy.get("maxReceiveCount"), queue.logical_id)}
    url = blueprint.physical.ref(queue.logical_id)
    await client.sqs("SetQueueAttributes", QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(counted)})


async def _create_identity(client: BackendClient, identity: Resource) -> None:
    # moto lets a created identity send at once, as a verified one does.
    await client.ses("identities", EmailIdentity=identity.name)


async def _create_configuration(client: BackendClient, configuration: Resource) -> None:
    given = configuration.properties
    members = {name: given[name] for name in _CONFIGURATION_MEMBERS if name in given}
    await client.ses("configuration-sets", ConfigurationSetName=configuration.name, **members)
