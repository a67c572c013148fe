"""The word by which an answer is counted, and the challenge by which it is logged."""

from dataclasses import replace

import pytest

from otpost import answer, outcome, problem
from otpost.challenge import Verdict
from otpost.request import Request
from otpost.verifying import Refused
from tests.contract.samples import NOW, attempt, new_challenge
from tests.unit.serving import serve

REFUSALS = [verdict for verdict in Verdict if verdict is not Verdict.ACCEPTED]


def test_documents_and_health_are_counted_as_served() -> None:
    assert answer.public({}).reason == answer.healthy().reason == "served"


def test_a_document_is_what_is_answered() -> None:
    assert answer.public({"keys": []}).body == {"keys": []}


@pytest.mark.parametrize("verdict", REFUSALS)
def test_a_refusal_is_counted_by_its_verdict_and_logged_with_its_challenge(verdict: Verdict) -> None:
    challenge = new_challenge()

    said = problem.refused(verdict, challenge)

    assert (said.reason, said.challenge) == (verdict.value, challenge)


@pytest.mark.parametrize("verdict", REFUSALS)
def test_a_refused_guess_is_logged_with_its_challenge(verdict: Verdict) -> None:
    challenge = replace(new_challenge(), tries=frozenset({attempt("a")}))

    said = outcome.verified(Refused(verdict=verdict, challenge=challenge))

    assert said.challenge == challenge
    assert said.body.get("attempts_left") == (4 if verdict is Verdict.WRONG_CODE else None)


def test_a_status_is_logged_with_its_challenge() -> None:
    challenge = new_challenge()

    assert outcome.status(challenge, NOW).challenge == challenge


@pytest.mark.usefixtures("service")
def test_a_route_is_given_the_event_and_the_one_instant_that_serves_it() -> None:
    given: list[Request] = []

    def act(request: Request) -> answer.Answer:
        given.append(request)
        return answer.healthy()

    serve(act, members={"a": 1})

    (request,) = given
    assert request.now == NOW
    assert request.members() == {"a": 1}
