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
from otpost.aws import clients, deadline
from otpost.aws.challenges import DynamoChallenges
from otpost.aws.keys import KmsCodeKeys
from otpost.aws.mailer import SesMailer
from otpost.delivering import Delivering
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
_MILLISECONDS_FOR_ONE = 10_000  # a lease, a slow SES, a slow record; the message comes again rather than half done
_log = telemetry.logger()
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def deliver(record: SQSRecord, lambda_context: LambdaContext) -> None:
    """Send one mail. What fails, or cannot be sent now, stays in the queue; all else is done with."""
    if lambda_context.get_remaining_time_in_millis() < _MILLISECONDS_FOR_ONE:
        _record("late")
        raise Unavailable("The function would not live long enough to send this mail.")
    try:
        said = _delivering.deliver(record.body, now=http.utc_now())
    except Exception as error:  # the batch goes on without this message, so nobody else would hear of it
        _record("unavailable" if isinstance(error, Unavailable) else "crashed", cause=telemetry.cause_of(error))
        raise
    _record(said.value)
    if said.unfinished:
        raise Unavailable("This mail is to be looked at again.")


def _record(reason: str, **facts: str) -> None:
    _log.info("Mails", extra={"reason": reason, **facts})
    telemetry.count("Mails", reason)


@_log.inject_lambda_context(log_event=False)
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Work through a batch and name the messages that must come again."""
    with deadline.until(context.get_remaining_time_in_millis):
        return process_partial_response(event=event, record_handler=deliver, processor=_processor, context=context)
