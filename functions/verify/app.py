"""Verify a guess. One of the two functions that can compute codes, and the only one that signs receipts."""

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from otpost import fields, http, outcome, problem, settings, telemetry
from otpost.answer import Answer
from otpost.aws import clients, deadline
from otpost.aws.challenges import DynamoChallenges
from otpost.aws.identities import DynamoIdentities
from otpost.aws.keys import KmsCodeKeys
from otpost.aws.signer import KmsSigner
from otpost.challenge import Verdict
from otpost.challenge_id import ChallengeId
from otpost.form import Form
from otpost.receipt import Receipts
from otpost.request import Request
from otpost.transaction import transaction_hash
from otpost.verifying import Guess, Verifying

_environment = os.environ
_mode = settings.caller_mode(_environment)
_region = settings.required(_environment, "AWS_REGION")
_database = clients.dynamodb()
_kms = clients.kms()
_verifying = Verifying(
    challenges=DynamoChallenges(_database, settings.required(_environment, "CHALLENGE_TABLE")),
    identities=DynamoIdentities(_database, settings.required(_environment, "IDENTITY_TABLE")),
    code_keys=KmsCodeKeys(_kms, settings.required(_environment, "CODE_KEY_ARN")),
    signer=KmsSigner(_kms, settings.required(_environment, "SIGNING_KEY_ARN")),
    receipts=Receipts(
        issuer=settings.required(_environment, "RECEIPT_ISSUER"),
        audience=settings.required(_environment, "RECEIPT_AUDIENCE"),
    ),
)
_log = telemetry.logger()


def verify(request: Request) -> Answer:
    """POST /v1/challenges/verify."""
    members = Form(request.members())
    token = members.required("challenge_id", fields.challenge_id)
    code = members.required("code", fields.code)
    purpose = members.required("purpose", fields.purpose)
    transaction = members.optional("transaction", fields.transaction)
    fields.caller_ip(members, request, _mode)
    members.check()
    key = request.idempotency_key
    challenge_id = ChallengeId.parse(token.value, region=_region, now=request.now)
    if challenge_id is None:
        return problem.refused(Verdict.UNKNOWN)
    fields.check_length(code.value, challenge_id)
    guess = Guess(
        challenge_id=challenge_id,
        code=code.value,
        purpose=purpose.value,
        transaction_hash=transaction_hash(transaction.maybe),
        idempotency_key=key,
    )
    return outcome.verified(_verifying.verify(guess, now=request.now))


_ROUTES = {"POST /v1/challenges/verify": http.Route("Attempts", verify)}


@_log.inject_lambda_context(log_event=False)
def handler(event: dict[str, Any], context: LambdaContext) -> http.Response:
    """Serve the route that judges guesses."""
    with deadline.until(context.get_remaining_time_in_millis):
        return http.serve(event, _ROUTES, log=_log, now=http.utc_now())
