"""What anyone may read: the public key of receipts, the description of the API, and that it is up."""

import json
import os
from pathlib import Path
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from otpost import answer, http, settings, telemetry
from otpost.answer import Answer
from otpost.aws import clients, deadline
from otpost.aws.signer import KmsSigner
from otpost.request import Request

_signer = KmsSigner(clients.kms(), settings.required(os.environ, "SIGNING_KEY_ARN"))
_openapi: dict[str, object] = json.loads((Path(__file__).parent / "openapi.json").read_text())
_log = telemetry.logger()


def jwks(_: Request) -> Answer:
    """GET /.well-known/jwks.json (RFC 7517)."""
    return answer.public({"keys": [_signer.public_jwk()]})


def openapi(_: Request) -> Answer:
    """GET /openapi.json."""
    return answer.public(_openapi)


def health(_: Request) -> Answer:
    """GET /v1/health: the API and its functions are up. It asks no dependency, so it cannot be used to load one."""
    return answer.healthy()


_ROUTES = {
    "GET /.well-known/jwks.json": http.Route("KeySets", jwks),
    "GET /openapi.json": http.Route("Descriptions", openapi),
    "GET /v1/health": http.Route("Healths", health),
}


@_log.inject_lambda_context(log_event=False)
def handler(event: dict[str, Any], context: LambdaContext) -> http.Response:
    """Serve the three open routes."""
    with deadline.until(context.get_remaining_time_in_millis):
        return http.serve(event, _ROUTES, log=_log, now=http.utc_now())
