"""The ledger objects to each way of breaking the promise, and to nothing else."""

from typing import Any

import pytest

from tests.fuzz.ledger import Ledger

ISSUE, VERIFY = "POST /v1/challenges", "POST /v1/challenges/verify"
RESEND, STATUS = "POST /v1/challenges/resend", "POST /v1/challenges/status"
ASKED = {"email": "ada@example.com", "purpose": "sign_in"}
ISSUED = {"challenge_id": "id", "reference": "KQ7", "attempts_left": 5}
GUESS = {"challenge_id": "id", "code": "042137", "purpose": "sign_in"}
NAMED = {"challenge_id": "id"}


def wrong(left: int) -> dict[str, Any]:
    return {"code": "wrong_code", "attempts_left": left}


@pytest.fixture
def ledger() -> Ledger:
    """Return a ledger of one challenge."""
    made = Ledger()
    assert made.objections(ISSUE, ASKED, None, 202, ISSUED) == []
    return made


def test_a_whole_story_that_keeps_the_promise_meets_no_objection(ledger: Ledger) -> None:
    assert ledger.objections(VERIFY, GUESS, None, 401, wrong(4)) == []
    assert ledger.objections(VERIFY, GUESS | {"code": "1"}, None, 400, {}) == []
    assert ledger.objections(RESEND, NAMED, None, 202, {"attempts_left": 4}) == []
    assert ledger.objections(VERIFY, GUESS, "key", 200, {}) == []
    assert ledger.objections(VERIFY, GUESS, "key", 200, {}) == []
    assert ledger.objections(VERIFY, GUESS, None, 410, {}) == []
    assert ledger.objections(STATUS, NAMED, None, 200, {"verdict": "accepted", "attempts_left": 3}) == []


def test_the_same_wrong_guess_with_the_same_key_takes_one(ledger: Ledger) -> None:
    """A2."""
    assert ledger.objections(VERIFY, GUESS, "key", 401, wrong(4)) == []
    assert ledger.objections(VERIFY, GUESS, "key", 401, wrong(4)) == []
    assert ledger.objections(VERIFY, GUESS, "key", 401, wrong(3)) != []


@pytest.mark.parametrize("again", [None, "other"])
def test_a_code_that_is_accepted_twice_is_objected_to(ledger: Ledger, again: str | None) -> None:
    """A10."""
    ledger.objections(VERIFY, GUESS, "key", 200, {})

    assert ledger.objections(VERIFY, GUESS, again, 200, {}) == ["a code was accepted twice"]


def test_a_guess_that_costs_nothing_is_objected_to(ledger: Ledger) -> None:
    """A1."""
    assert ledger.objections(VERIFY, GUESS, None, 401, wrong(5)) != []


def test_a_sixth_guess_is_objected_to(ledger: Ledger) -> None:
    """A1."""
    for left in (4, 3, 2, 1, 0):
        assert ledger.objections(VERIFY, GUESS, None, 401, wrong(left)) == []
    assert "more guesses were judged than allowed" in ledger.objections(VERIFY, GUESS, None, 401, wrong(0))


def test_a_guess_that_is_judged_after_the_success_is_objected_to(ledger: Ledger) -> None:
    ledger.objections(VERIFY, GUESS, "key", 200, {})

    assert ledger.objections(VERIFY, GUESS, None, 401, wrong(3)) == ["a guess was judged after the success"]


@pytest.mark.parametrize("other", [{"purpose": "recovery"}, {"transaction": {"a": "b"}}])
@pytest.mark.parametrize("status", [200, 401])
def test_a_guess_for_something_else_that_is_judged_is_objected_to(
    ledger: Ledger, other: dict[str, Any], status: int
) -> None:
    """A18, A24."""
    assert ledger.objections(VERIFY, GUESS | other, None, status, wrong(4)) != []


@pytest.mark.parametrize(("route", "status"), [(RESEND, 202), (STATUS, 200)])
def test_guesses_that_are_renewed_are_objected_to(ledger: Ledger, route: str, status: int) -> None:
    """A2."""
    ledger.objections(VERIFY, GUESS, None, 401, wrong(4))

    assert ledger.objections(route, NAMED, None, status, {"verdict": "open", "attempts_left": 5}) != []


def test_a_success_that_the_status_does_not_know_is_objected_to(ledger: Ledger) -> None:
    ledger.objections(VERIFY, GUESS, None, 200, {})

    assert ledger.objections(STATUS, NAMED, None, 200, {"verdict": "open", "attempts_left": 4}) != []


@pytest.mark.parametrize("route", [VERIFY, RESEND, STATUS])
def test_an_id_that_nobody_issued_and_that_works_is_objected_to(ledger: Ledger, route: str) -> None:
    assert ledger.objections(route, GUESS | {"challenge_id": "made up"}, None, 200, {}) != []
    assert ledger.objections(route, GUESS | {"challenge_id": "made up"}, None, 404, {}) == []


def test_a_new_challenge_without_all_its_guesses_is_objected_to() -> None:
    assert Ledger().objections(ISSUE, ASKED, None, 202, ISSUED | {"attempts_left": 4}) != []
