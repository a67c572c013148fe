"""What stays in the queue after a batch, by the answer of the function."""

import json

import pytest

from otpost_tools.sandbox.invocation import Answered, Failed, Failure
from otpost_tools.sandbox.records import failed

BATCH = {"a", "b", "c"}


def answer(value: object) -> Answered:
    return Answered(payload=json.dumps(value).encode())


@pytest.mark.parametrize(
    ("value", "stays"),
    [
        (None, set()),
        ({}, set()),
        ({"batchItemFailures": []}, set()),
        ({"batchItemFailures": None}, set()),
        ({"batchItemFailures": [{"itemIdentifier": "b"}]}, {"b"}),
        ({"batchItemFailures": [{"itemIdentifier": "b"}, {"itemIdentifier": "a"}]}, {"a", "b"}),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, BATCH),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, BATCH),
        ({"batchItemFailures": [{"id": "b"}]}, BATCH),
        ({"batchItemFailures": [{"itemIdentifier": "stranger"}]}, BATCH),
        ({"batchItemFailures": "b"}, BATCH),
        ("text", BATCH),
    ],
)
def test_reported_failures_stay(value: object, stays: set[str]) -> None:
    assert failed(answer(value), BATCH, partial=True) == stays


def test_report_counts_only_if_the_mapping_asks_for_it() -> None:
    assert failed(answer({"batchItemFailures": [{"itemIdentifier": "b"}]}), BATCH, partial=False) == set()


@pytest.mark.parametrize("partial", [True, False])
def test_failed_run_leaves_everything(partial: bool) -> None:  # noqa: FBT001
    assert failed(Failed(failure=Failure.CRASH), BATCH, partial=partial) == BATCH
