"""Say how a challenge stands, to whoever holds its id."""

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from otpost import fields, http, outcome, problem, settings, telemetry
from otpost.answer import Answer
from otpost.aws import clients, deadline
from otpost.aws.challenges import DynamoChallenges
from otpost.challenge import Verdict
from otpost.request import Request

_environment = os.environ
_mode = settings.caller_mode(_environment)
_region = settings.required(_environment, "AWS_REGION")
_challenges = DynamoChallenges(clients.dynamodb(), settings.required(_environment, "CHALLENGE_TABLE"))
_log = telemetry.logger()


def status(request: Request) -> Answer:
    """POST /v1/challenges/status."""
    challenge_id, _ = fields.named_challenge(request, _mode, region=_region)
    if challenge_id is None:
        return problem.refused(Verdict.UNKNOWN)
    return outcome.status(_challenges.find(challenge_id.key), request.now)


_ROUTES = {"POST /v1/challenges/status": http.Route("Statuses", status)}


@_log.inject_lambda_context(log_event=False)
def handler(event: dict[str, Any], context: LambdaContext) -> http.Response:
    """Serve the route that reads a challenge."""
    with deadline.until(context.get_remaining_time_in_millis):
        return http.serve(event, _ROUTES, log=_log, now=http.utc_now())
