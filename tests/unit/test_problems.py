"""From refusals and errors to HTTP: one table, fixed words, no text of an error that we do not know."""

import json
from datetime import timedelta
from http import HTTPStatus

import pytest

from otpost import errors, problem
from otpost.answer import Answer
from otpost.challenge import Verdict
from otpost.errors import BodyTooLarge, Flaw, InvalidRequest, Unavailable, UnsupportedMediaType
from otpost.window import Limit, RateLimited
from tests.contract.samples import attempt, new_challenge

REFUSALS = [verdict for verdict in Verdict if verdict is not Verdict.ACCEPTED]
CODES = {
    Verdict.WRONG_CODE: (401, "wrong_code"),
    Verdict.UNKNOWN: (404, "unknown_challenge"),
    Verdict.CONSUMED: (410, "challenge_consumed"),
    Verdict.CANCELLED: (410, "challenge_cancelled"),
    Verdict.EXHAUSTED: (410, "challenge_exhausted"),
    Verdict.EXPIRED: (410, "challenge_expired"),
}


def assert_is_a_problem(answer: Answer) -> None:
    """RFC 9457 §3.1."""
    assert answer.body["type"] == "about:blank"
    assert answer.body["status"] == answer.status.value
    assert answer.body["title"] == answer.status.phrase
    assert isinstance(answer.body["code"], str)
    assert isinstance(answer.body["detail"], str)
    assert answer.body["detail"].endswith(".")
    json.dumps(answer.body)


@pytest.mark.parametrize("verdict", REFUSALS)
def test_every_refusal_is_a_problem_with_a_code_of_its_own(verdict: Verdict) -> None:
    answer = problem.refused(verdict, new_challenge())

    assert_is_a_problem(answer)
    assert (answer.status.value, answer.body["code"]) == CODES[verdict]
    assert answer.reason == verdict.value
    assert len({code for _, code in CODES.values()}) == len(REFUSALS)


def test_a_wrong_code_says_how_many_guesses_are_left_and_how_to_authenticate() -> None:
    answer = problem.refused(Verdict.WRONG_CODE, new_challenge(tries=frozenset({attempt("a"), attempt("b")})))

    assert answer.body["attempts_left"] == 3
    assert answer.headers == {"www-authenticate": "OTPost"}


@pytest.mark.parametrize("verdict", [verdict for verdict in REFUSALS if verdict is not Verdict.WRONG_CODE])
def test_no_other_refusal_says_how_many_guesses_are_left(verdict: Verdict) -> None:
    assert "attempts_left" not in problem.refused(verdict, new_challenge()).body


def test_an_unknown_challenge_and_a_mismatch_are_told_alike() -> None:
    """A18: whoever guesses for another purpose does not learn that the challenge exists."""
    unknown = problem.refused(Verdict.UNKNOWN)
    mismatch = problem.refused(Verdict.UNKNOWN, new_challenge())

    assert (unknown.status, unknown.body, unknown.headers) == (mismatch.status, mismatch.body, mismatch.headers)


@pytest.mark.parametrize("verdict", REFUSALS)
def test_no_refusal_shows_anything_of_the_challenge(verdict: Verdict) -> None:
    """A8."""
    challenge = new_challenge(nonce="a-nonce-of-mine")

    said = json.dumps(problem.refused(verdict, challenge).body)

    assert not [text for text in (challenge.email, challenge.key, challenge.identity, "a-nonce") if text in said]


@pytest.mark.parametrize("limit", Limit)
def test_every_limit_is_named_and_explained(limit: Limit) -> None:
    answer = problem.rate_limited(RateLimited(limit=limit, retry_after=timedelta(seconds=7)))

    assert_is_a_problem(answer)
    assert answer.status is HTTPStatus.TOO_MANY_REQUESTS
    assert (answer.body["code"], answer.body["limit"], answer.reason) == ("rate_limited", limit.value, limit.value)
    assert answer.headers == {"retry-after": "7"}
    assert str(answer.body["detail"]).endswith("Try again in 7 s.")


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (timedelta(milliseconds=1), "1"),
        (timedelta(seconds=1), "1"),
        (timedelta(seconds=1, milliseconds=1), "2"),
        (timedelta(seconds=29, milliseconds=999), "30"),
        (timedelta(days=1), "86400"),
        (timedelta(), "1"),
    ],
)
def test_the_wait_is_rounded_up_to_whole_seconds(wait: timedelta, said: str) -> None:
    """RFC 9110 §10.2.3: whoever waits as told must not be refused again."""
    answer = problem.rate_limited(RateLimited(limit=Limit.ADDRESS_HOUR, retry_after=wait))

    assert answer.headers["retry-after"] == said


def test_flaws_are_listed_by_pointer_or_header() -> None:
    answer = problem.failed(
        InvalidRequest(Flaw(where="#/code", detail="Digits."), Flaw(where="Idempotency-Key", detail="ASCII."))
    )

    assert_is_a_problem(answer)
    assert (answer.status.value, answer.body["code"]) == (400, "invalid_request")
    assert answer.body["errors"] == [
        {"pointer": "#/code", "detail": "Digits."},
        {"header": "Idempotency-Key", "detail": "ASCII."},
    ]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (InvalidRequest(), 400, "invalid_request"),
        (BodyTooLarge("secret text"), 413, "body_too_large"),
        (UnsupportedMediaType("secret text"), 415, "unsupported_media_type"),
        (Unavailable("secret text"), 503, "unavailable"),
    ],
)
def test_an_error_is_answered_by_its_kind_and_never_with_its_text(error: errors.Error, status: int, code: str) -> None:
    """A58."""
    answer = problem.failed(error)

    assert_is_a_problem(answer)
    assert (answer.status.value, answer.body["code"], answer.reason) == (status, code, code)
    assert "secret" not in json.dumps(answer.body) + str(answer.headers)


def test_what_is_unavailable_says_when_to_come_again() -> None:
    """A57."""
    assert problem.failed(Unavailable()).headers == {"retry-after": "5"}


@pytest.mark.parametrize("error", [errors.Error("x"), errors.InvalidSettings("x"), errors.InvalidValue("x")])
def test_an_error_that_no_answer_is_meant_for_is_raised(error: errors.Error) -> None:
    """A58: Lambda reports it and API Gateway answers with its own 500."""
    with pytest.raises(type(error)):
        problem.failed(error)


def test_every_bad_request_has_an_answer() -> None:
    for kind in errors.BadRequest.__subclasses__():
        assert problem.failed(kind()).status.is_client_error


def test_there_are_no_verdicts_beside_these() -> None:
    assert set(CODES) | {Verdict.ACCEPTED} == set(Verdict)
