"""Serve an event: one answer, one log line of allowed facts, one metric."""

import json
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest

from otpost import answer, http, problem
from otpost.answer import Answer
from otpost.challenge import Verdict
from otpost.errors import Flaw, InvalidRequest, InvalidSettings
from otpost.request import Request
from tests.contract.samples import new_challenge
from tests.unit.serving import failing, serve

pytestmark = pytest.mark.usefixtures("service")


def test_an_answer_becomes_a_response_that_nobody_may_keep() -> None:
    """A59."""
    response = serve(lambda _: Answer(status=HTTPStatus.ACCEPTED, reason="issued", body={"a": "é"}))

    assert response == {
        "statusCode": 202,
        "headers": {
            "content-type": "application/json",
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        },
        "body": '{"a":"\\u00e9"}',
    }


def test_a_public_document_may_be_kept() -> None:
    """A59."""
    response = serve(lambda _: answer.public({"keys": []}))

    assert response["headers"]["cache-control"] == "public, max-age=300"


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.ACCEPTED])
def test_a_refusal_becomes_a_problem(verdict: Verdict) -> None:
    """A59."""
    response = serve(lambda _: problem.refused(verdict, new_challenge()))

    assert response["headers"]["content-type"] == "application/problem+json"
    assert response["headers"]["cache-control"] == "no-store"
    assert json.loads(response["body"])["status"] == response["statusCode"]


def test_an_expected_error_is_answered() -> None:
    response = serve(failing(InvalidRequest(Flaw(where="#/code", detail="Digits."))))

    assert response["statusCode"] == 400
    assert json.loads(response["body"])["errors"] == [{"pointer": "#/code", "detail": "Digits."}]


def test_an_unexpected_error_is_not_swallowed() -> None:
    """A58: nothing of it is answered; Lambda reports it."""
    with pytest.raises(InvalidSettings):
        serve(failing(InvalidSettings("a bug")))

    def bug(_: Request) -> Answer:
        return answer.public({})[0]  # type: ignore[index,no-any-return]  # a bug

    with pytest.raises(TypeError):
        serve(bug)


def test_a_route_that_the_function_does_not_serve_is_a_bug() -> None:
    """A44: API Gateway sends a function only its own routes."""
    with pytest.raises(KeyError):
        serve(lambda _: answer.healthy(), route="POST /v1/other")


def test_the_instant_of_a_request_is_utc_in_whole_milliseconds() -> None:
    """A46: one instant serves a request."""
    before = datetime.now(UTC) - timedelta(milliseconds=1)

    now = http.utc_now()

    assert before <= now <= datetime.now(UTC)
    assert now.microsecond % 1000 == 0
    assert now.utcoffset() == timedelta()
