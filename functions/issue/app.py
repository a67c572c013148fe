"""Issue a challenge, send its code again, cancel it. This function cannot compute codes."""

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from otpost import fields, http, outcome, problem, settings, telemetry
from otpost.answer import Answer
from otpost.aws import clients, deadline
from otpost.aws.challenges import DynamoChallenges
from otpost.aws.identities import DynamoIdentities
from otpost.aws.keys import KmsIdentityKey
from otpost.aws.outbox import SqsOutbox
from otpost.challenge import Verdict
from otpost.form import Form
from otpost.issuing import ChallengeRequest, Issuing
from otpost.request import Request

_environment = os.environ
_mode = settings.caller_mode(_environment)
_region = settings.required(_environment, "AWS_REGION")
_policy = settings.policy(_environment)
_database = clients.dynamodb()
_challenges = DynamoChallenges(_database, settings.required(_environment, "CHALLENGE_TABLE"))
_issuing = Issuing(
    challenges=_challenges,
    identities=DynamoIdentities(_database, settings.required(_environment, "IDENTITY_TABLE")),
    outbox=SqsOutbox(clients.sqs(), settings.required(_environment, "MAIL_QUEUE_URL")),
    identity_key=KmsIdentityKey(clients.kms(), settings.required(_environment, "IDENTITY_KEY_ARN")),
    identity_case=settings.identity_case(_environment),
    policy=_policy,
    region=_region,
)
_log = telemetry.logger()


def issue(request: Request) -> Answer:
    """POST /v1/challenges."""
    members = Form(request.members())
    email = members.required("email", fields.email)
    purpose = members.required("purpose", fields.one_of(_policy.purposes))
    locale = members.optional("locale", fields.locale)
    transaction = members.optional("transaction", fields.transaction)
    nonce = members.optional("nonce", fields.nonce)
    ip = fields.caller_ip(members, request, _mode)
    members.check()
    asked = ChallengeRequest(
        email=email.value,
        purpose=purpose.value,
        locale=locale.maybe,
        transaction=transaction.maybe,
        nonce=nonce.maybe,
        principal=request.principal,
        idempotency_key=request.idempotency_key,
        source_ip=ip.maybe,
    )
    return outcome.issued(_issuing.issue(asked, now=request.now))


def resend(request: Request) -> Answer:
    """POST /v1/challenges/resend."""
    challenge_id, source_ip = fields.named_challenge(request, _mode, region=_region)
    if challenge_id is None:
        return problem.refused(Verdict.UNKNOWN)
    return outcome.issued(_issuing.resend(challenge_id, source_ip=source_ip, now=request.now))


def cancel(request: Request) -> Answer:
    """POST /v1/challenges/cancel."""
    challenge_id, _ = fields.named_challenge(request, _mode, region=_region)
    if challenge_id is None:
        return problem.refused(Verdict.UNKNOWN)
    return outcome.cancelled(_challenges.cancel(challenge_id.key, now=request.now))


_ROUTES = {
    "POST /v1/challenges": http.Route("Challenges", issue),
    "POST /v1/challenges/resend": http.Route("Resends", resend),
    "POST /v1/challenges/cancel": http.Route("Cancellations", cancel),
}


@_log.inject_lambda_context(log_event=False)
def handler(event: dict[str, Any], context: LambdaContext) -> http.Response:
    """Serve the three routes that ask for mail or call it off."""
    with deadline.until(context.get_remaining_time_in_millis):
        return http.serve(event, _ROUTES, log=_log, now=http.utc_now())
