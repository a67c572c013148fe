"""Serve an HTTP API event: find the route, act, log, count, answer."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from otpost import problem, telemetry
from otpost.answer import Answer
from otpost.errors import Error
from otpost.instant import whole_milliseconds
from otpost.request import Request

type Response = dict[str, Any]
"""A response of payload format 2.0."""

_ALWAYS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Route:
    """What answers a route, and the metric that counts its outcomes."""

    metric: str
    act: Callable[[Request], Answer]


def utc_now() -> datetime:
    """Return the one instant that serves a request."""
    return whole_milliseconds(datetime.now(UTC))


def serve(event: Mapping[str, Any], routes: Mapping[str, Route], *, log: Logger, now: datetime) -> Response:
    """Answer *event*. What nobody expected is not caught: Lambda reports it, API Gateway answers with its own 500."""
    request = Request(event=event, now=now)
    route = routes[request.route]
    facts: dict[str, object] = {}
    try:
        said = route.act(request)
    except Error as error:
        said = problem.failed(error)
        facts["cause"] = telemetry.cause_of(error)
    facts |= telemetry.facts_of(said.challenge)
    log.info(route.metric, extra={"route": request.route, "status": said.status.value, "reason": said.reason} | facts)
    telemetry.count(route.metric, said.reason)
    return _response(said)


def _response(said: Answer) -> Response:
    kind = "application/json" if said.status.is_success else "application/problem+json"
    return {
        "statusCode": said.status.value,
        "headers": {"content-type": kind} | _ALWAYS | dict(said.headers),
        "body": json.dumps(said.body, separators=(",", ":")),
    }
