"""The simulator's timeouts and queue are the template's."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from otpost_tools.sandbox import template
from tests.simulation import numbers

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    """Return the resources of the template, as written."""
    found: Any = template.read(ROOT / "template.yaml")["Resources"]
    return dict(found)


@pytest.mark.parametrize("function", numbers.TIMEOUTS)
def test_a_simulated_function_dies_when_the_deployed_one_would(resources: dict[str, Any], function: str) -> None:
    properties = resources[f"{function.capitalize()}Function"]["Properties"]
    assert timedelta(seconds=properties["Timeout"]) == numbers.TIMEOUTS[function]


def test_the_simulated_queue_hides_and_gives_up_messages_as_the_deployed_one_does(resources: dict[str, Any]) -> None:
    queue = resources["MailQueue"]["Properties"]
    assert timedelta(seconds=queue["VisibilityTimeout"]) == numbers.VISIBILITY
    assert timedelta(seconds=queue["MessageRetentionPeriod"]) == numbers.RETENTION
    assert queue["RedrivePolicy"]["maxReceiveCount"] == numbers.MAX_RECEIVES


def test_a_simulated_batch_is_as_large_as_a_deployed_one_may_be(resources: dict[str, Any]) -> None:
    (source,) = (
        event["Properties"]
        for event in resources["DeliverFunction"]["Properties"]["Events"].values()
        if event["Type"] == "SQS"
    )
    assert source["BatchSize"] == numbers.BATCH_SIZE
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
