"""Send the mails that the queue asks for. One of the two functions that can compute codes."""
# pyright: reportUnknownVariableType=false
# Powertools leaves a parameter of process_partial_response untyped.

import os
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from otpost import http, settings, telemetry
from otpost.aws import clients
from otpost.aws.challenges import DynamoChallenges
from otpost.aws.keys import KmsCodeKeys
from otpost.aws.mailer import SesMailer
from otpost.delivering import Delivered, Delivering
from otpost.errors import Unavailable
from otpost.message import Composer

_environment = os.environ
_sender = settings.sender(_environment)
_delivering = Delivering(
    challenges=DynamoChallenges(clients.dynamodb(), settings.required(_environment, "CHALLENGE_TABLE")),
    code_keys=KmsCodeKeys(clients.kms(), settings.required(_environment, "CODE_KEY_ARN")),
    composer=Composer(
        brand=settings.brand(_environment),
        sender=_sender,
        site_origin=settings.required(_environment, "SITE_ORIGIN"),
        support=settings.required(_environment, "SUPPORT_ADDRESS"),
    ),
    mailer=SesMailer(
        clients.ses(), sender=_sender, configuration_set=settings.required(_environment, "CONFIGURATION_SET")
    ),
    region=settings.required(_environment, "AWS_REGION"),
    lease=settings.lease(_environment),
)
_log = telemetry.logger()
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def deliver(record: SQSRecord) -> None:
    """Send one mail. What fails or is held elsewhere stays in the queue; all else is done with."""
    try:
        said = _delivering.deliver(record.body, now=http.utc_now())
    except Unavailable as error:
        _log.warning("Mails", extra={"reason": "unavailable", "cause": telemetry.cause_of(error)})
        telemetry.count("Mails", "unavailable")
        raise
    _log.info("Mails", extra={"reason": said.value})
    telemetry.count("Mails", said.value)
    if said is Delivered.HELD:
        raise Unavailable("Another worker has the lease on this mail.")


@_log.inject_lambda_context(log_event=False)
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Work through a batch and name the messages that must come again."""
    return process_partial_response(event=event, record_handler=deliver, processor=_processor, context=context)
