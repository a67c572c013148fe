"""What is logged and counted, by allow-list: nothing that a caller sent, no code, id, receipt or address.

A log line has fixed keys; a metric is a noun with the dimensions `service` and `reason`, whose values are words of
our own, so nobody outside can multiply metrics.
"""

import logging
import os
from typing import Any

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.metrics import MetricUnit

from otpost.challenge import Challenge

_KEYS = frozenset({"level", "timestamp", "service", "message", "cold_start", "function_request_id", "xray_trace_id"})
_FACTS = frozenset({"route", "status", "reason", "challenge", "purpose", "delivery", "attempts_left", "cause"})
_THIRD_PARTIES = ("boto3", "botocore", "urllib3", "pynamodb", "aws_lambda_powertools")


class AllowListFormatter(LambdaPowertoolsFormatter):
    """Writes JSON lines with the keys that are allowed, and drops all others."""

    def serialize(self, log: Any) -> str:  # noqa: ANN401 - Powertools' own type is private
        """Return one line."""
        return super().serialize({key: value for key, value in log.items() if key in _KEYS | _FACTS})


def logger() -> Logger:
    """Return the logger of a function. Libraries stay at WARNING at every level: their DEBUG prints requests."""
    for name in _THIRD_PARTIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    return Logger(logger_formatter=AllowListFormatter(utc=True, use_rfc3339=True))


def facts_of(challenge: Challenge | None) -> dict[str, object]:
    """Return what may be said of a challenge: its table key, not its id, and how it stands."""
    if challenge is None:
        return {}
    return {
        "challenge": challenge.key,
        "purpose": challenge.purpose,
        "delivery": challenge.delivery.value,
        "attempts_left": challenge.attempts_left,
    }


def cause_of(error: BaseException) -> str:
    """Return the kind of what lies behind *error*, never its text."""
    return type(error.__cause__ or error).__name__


def count(metric: str, reason: str) -> None:
    """Count one outcome in CloudWatch's embedded metric format."""
    dimensions = {"service": os.environ["POWERTOOLS_SERVICE_NAME"], "reason": reason}
    with single_metric(name=metric, unit=MetricUnit.Count, value=1, default_dimensions=dimensions):
        pass
