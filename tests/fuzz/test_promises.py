"""What is checked of each answer: a good one passes, and each way of being bad is named."""

import json
from typing import Any

import pytest

from tests.fuzz import octets, promises
from tests.fuzz.tally import Tally

VERIFY = "POST /v1/challenges/verify"
HEADERS = {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "www-authenticate": "OTPost",
}
PROBLEM: dict[str, Any] = {"status": 401, "code": "wrong_code", "detail": "The code is wrong.", "attempts_left": 4}
SENT = {"challenge_id": "x", "code": "042137", "transaction": {"payee": "Ünal & Söhne", "amount": 123456789}}


def objections(
    *, status: int = 401, headers: dict[str, str] = HEADERS, route: str = VERIFY, **changes: Any
) -> list[str]:
    body = json.dumps(PROBLEM | {"status": status} | changes, ensure_ascii=False).encode()
    return promises.objections(route, status, headers, body, SENT)


def test_a_good_refusal_passes() -> None:
    assert objections() == []


@pytest.mark.parametrize("missing", HEADERS)
def test_every_header_is_missed(missing: str) -> None:
    """A59."""
    assert objections(headers={name: value for name, value in HEADERS.items() if name != missing}) != []


def test_a_server_error_is_never_right() -> None:
    assert objections(status=500) == ["a server error: 500"]
    assert objections(status=503) == ["a server error: 503"]


def test_a_status_that_is_not_documented_is_named() -> None:
    assert "418 is not documented" in objections(status=418)


def test_a_problem_without_its_code_is_named() -> None:
    assert objections(code="") == ["an error without its status and code"]


def test_a_limit_must_say_when_to_come_again() -> None:
    assert "429 without Retry-After" in objections(status=429, route="POST /v1/challenges", code="rate_limited")


@pytest.mark.parametrize("detail", ["No Ünal & Söhne here", "not 123456789"])
def test_an_error_that_repeats_a_value_is_named(detail: str) -> None:
    """A58."""
    assert len(objections(detail=detail)) == 1


def test_a_pointer_may_name_an_unknown_member() -> None:
    flaw = {"pointer": "#/Ünal & Söhne", "detail": "This member is not known here."}

    assert objections(status=400, code="invalid_request", errors=[flaw]) == []
    assert objections(status=400, code="invalid_request", errors=[flaw | {"detail": "Ünal & Söhne?"}]) != []


def test_a_damaged_body_that_comes_back_is_named() -> None:
    body = json.dumps({"status": 400, "code": "invalid_request", "detail": "kept-secret-5d0c"}).encode()

    assert octets.objections(VERIFY, 400, HEADERS, body) == ["the answer repeats what was sent"]


def test_the_tally_tells_what_never_came() -> None:
    tally = Tally()
    tally.add("GET /v1/health", 200, b'{"status":"ok"}')
    tally.add("POST /v1/challenges", 429, b'{"code":"rate_limited","limit":"address_day"}')

    missing = tally.missing()

    assert "GET /v1/health 200" not in missing
    assert "POST /v1/challenges 429" not in missing
    assert "POST /v1/challenges 429 address_day" not in missing
    assert {"POST /v1/challenges 202", "POST /v1/challenges 429 address_hour", f"{VERIFY} 200"} <= set(missing)
    assert not any(" 503" in each for each in missing)
