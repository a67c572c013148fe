"""What API Gateway makes of a function's answer."""

import json
from typing import Any

import pytest

from otpost_tools.sandbox.invocation import Answered, Failed, Failure
from otpost_tools.sandbox.reply import INTERNAL, UNAVAILABLE, Reply, from_outcome


def reply(value: Any) -> Reply:
    return from_outcome(Answered(payload=json.dumps(value).encode()))


def test_status_headers_cookies_and_body_arrive() -> None:
    made = reply({"statusCode": 202, "headers": {"X-One": "1", "X-Two": 2}, "cookies": ["a=1", "b=2"], "body": "ä"})
    assert made.status == 202
    assert ("x-one", "1") in made.headers
    assert ("x-two", "2") in made.headers
    assert [value for name, value in made.headers if name == "set-cookie"] == ["a=1", "b=2"]
    assert made.body == "ä".encode()


def test_body_without_a_type_is_plain_text() -> None:
    assert ("content-type", "text/plain;charset=UTF-8") in reply({"statusCode": 200, "body": "x"}).headers


def test_base64_body_is_decoded() -> None:
    assert reply({"statusCode": 200, "body": "/w==", "isBase64Encoded": True}).body == b"\xff"


@pytest.mark.parametrize("value", [{"a": 1}, "text", [1], 5])
def test_answer_without_a_status_is_a_json_body(value: Any) -> None:
    made = reply(value)
    assert (made.status, json.loads(made.body)) == (200, value)
    assert made.headers == (("content-type", "application/json"),)


@pytest.mark.parametrize(
    "value",
    [
        {"statusCode": "ok"},
        {"statusCode": None},
        {"statusCode": 99},
        {"statusCode": 200, "body": {}},
        {"statusCode": 200, "headers": {"x": []}},
        {"statusCode": 200, "headers": "x"},
        {"statusCode": 200, "body": "%", "isBase64Encoded": True},
    ],
)
def test_malformed_answer_is_an_internal_error(value: Any) -> None:
    made = from_outcome(Answered(payload=json.dumps(value).encode()))
    assert made == INTERNAL


@pytest.mark.parametrize("failure", list(Failure))
def test_run_without_an_answer_is_answered_by_api_gateway(failure: Failure) -> None:
    late = failure in {Failure.WAITED, Failure.CLOSED}
    assert from_outcome(Failed(failure=failure)) == (UNAVAILABLE if late else INTERNAL)
