"""A57 at the door: a dependency that does not answer is 503, nothing is accepted, and the same key completes it later.

Each case breaks one call of a route: before it happens, or after, so that only its answer is lost.
"""

from typing import Any

import pytest
import time_machine
from botocore.awsrequest import AWSResponse

from tests.backends import faults
from tests.backends.account import CHALLENGES, IDENTITIES, Account
from tests.backends.wire import Call, Fault, Forward
from tests.functional.events import http_event
from tests.functional.stack import CANCEL, RESEND, STATUS, Response, Stack, code_in, wrong

KEY = "k" * 16
READ, WRITE, TRANSACTION = "dynamodb.GetItem", "dynamodb.UpdateItem", "dynamodb.TransactWriteItems"
WAYS = {
    "read timeout": faults.read_timeout,
    "lost response": faults.lost_response,
    "throttled": faults.throttled,
    "500": faults.broken,
    "access denied": faults.forbidden,
    "body cut off": faults.cut_off,
}
BROKEN = pytest.mark.parametrize("way", list(WAYS.values()), ids=list(WAYS))


def assert_unavailable(answer: Response) -> None:
    """Hold a 503 to all that is promised of it, and to nothing more (A58)."""
    assert answer.status == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.body == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "code": "unavailable",
        "detail": "A part of the service did not answer. Send the same request again, with the same Idempotency-Key.",
    }


def challenges(account: Account) -> list[dict[str, Any]]:
    """Return the items of all challenges."""
    return [item for item in account.items(CHALLENGES) if item["pk"]["S"].startswith("challenge#")]


def on(table: str, way: Fault) -> Fault:
    """Return a fault that strikes the calls about one table."""

    def fault(call: Call, forward: Forward) -> AWSResponse:
        return way(call, forward) if call.parameters["TableName"] == table else forward()

    return fault


def failures(account: Account) -> int:
    """Return how long the only streak is."""
    return sum(len(item.get("failures", {}).get("BS", ())) for item in account.items(IDENTITIES))


@BROKEN
@pytest.mark.parametrize("call", ["kms.GenerateMac", READ, TRANSACTION, "sqs.SendMessage"])
def test_an_issue_that_breaks_anywhere_is_completed_by_its_key(
    stack: Stack, clock: time_machine.Traveller, call: str, way: Fault
) -> None:
    account = stack.account
    asked = Stack(account) if call == "kms.GenerateMac" else stack
    with account.wire.failing(call, way):
        broken = asked.issue(key=KEY)
    clock.shift(5)

    completed = asked.issue(key=KEY)

    assert_unavailable(broken)
    assert completed.status == 202
    assert len(challenges(account)) == 1
    assert set(account.queued()) == {completed.body["challenge_id"]}
    for body in account.queued():  # up to three, if answers of the queue were lost
        asked.deliver(body)
    assert len(account.mails()) == 1


@BROKEN
@pytest.mark.parametrize("right", [True, False])
def test_a_guess_that_may_or_may_not_have_been_spent_is_told_to_its_key(
    stack: Stack, way: Fault, *, right: bool
) -> None:
    challenge_id, code = stack.mailed()
    guess = code if right else wrong(code)
    with stack.account.wire.failing(WRITE, way):
        broken = stack.verify(challenge_id, guess, key=KEY)

    completed = stack.verify(challenge_id, guess, key=KEY)

    assert_unavailable(broken)
    assert completed.outcome == ((200, None) if right else (401, "wrong_code"))
    assert len(challenges(stack.account)[0]["tries"]["BS"]) == 1
    assert failures(stack.account) == (0 if right else 1)


@BROKEN
def test_a_guess_is_not_judged_without_the_code_key(stack: Stack, way: Fault) -> None:
    challenge_id, code = stack.mailed()
    cold = Stack(stack.account)
    before = stack.account.items()
    with stack.account.wire.failing("kms", way):
        broken = cold.verify(challenge_id, code)

    assert_unavailable(broken)
    assert stack.account.items() == before
    assert cold.verify(challenge_id, code).status == 200


@BROKEN
def test_a_receipt_that_could_not_be_signed_is_fetched_by_its_key(stack: Stack, way: Fault) -> None:
    challenge_id, code = stack.mailed()
    with stack.account.wire.failing("kms.Sign", way):
        broken = stack.verify(challenge_id, code, key=KEY)

    others = stack.verify(challenge_id, code)
    completed = stack.verify(challenge_id, code, key=KEY)

    assert_unavailable(broken)
    assert others.outcome == (410, "challenge_consumed")
    assert completed.status == 200
    assert completed.body["receipt"].count(".") == 2


@BROKEN
def test_a_wrong_code_that_is_not_on_the_streak_is_not_answered(stack: Stack, way: Fault) -> None:
    """A2: no guess is revealed that the streak does not know of."""
    challenge_id, code = stack.mailed()
    with stack.account.wire.failing(WRITE, on(IDENTITIES, way)):
        broken = stack.verify(challenge_id, wrong(code), key=KEY)

    assert_unavailable(broken)
    assert "attempts_left" not in broken.body
    completed = stack.verify(challenge_id, wrong(code), key=KEY)
    assert completed.body["attempts_left"] == 4
    assert failures(stack.account) == 1


@BROKEN
def test_a_right_code_is_accepted_even_if_the_end_of_the_streak_cannot_be_noted(stack: Stack, way: Fault) -> None:
    challenge_id, code = stack.mailed()
    stack.verify(challenge_id, wrong(code))

    with stack.account.wire.failing(WRITE, on(IDENTITIES, way)):
        answer = stack.verify(challenge_id, code)

    assert answer.status == 200
    assert failures(stack.account) == (0 if way is faults.lost_response else 1)  # longer than it need be at worst


@BROKEN
@pytest.mark.parametrize(("route", "call"), [(STATUS, READ), (CANCEL, WRITE), (RESEND, READ), (RESEND, TRANSACTION)])
def test_the_other_routes_refuse_and_may_be_repeated(
    stack: Stack, clock: time_machine.Traveller, route: str, call: str, way: Fault
) -> None:
    challenge_id = stack.issue().body["challenge_id"]
    clock.shift(30)
    with stack.account.wire.failing(call, way):
        broken = stack.post(route, {"challenge_id": challenge_id})
    clock.shift(30)

    assert_unavailable(broken)
    assert stack.post(route, {"challenge_id": challenge_id}).status in {200, 202}


@BROKEN
def test_a_resend_whose_message_was_lost_is_made_up_for_by_the_next(
    stack: Stack, clock: time_machine.Traveller, way: Fault
) -> None:
    """A resend has no key: after 503 the window is taken, and the next resend sends one mail for both."""
    challenge_id, code = stack.mailed()
    clock.shift(30)
    with stack.account.wire.failing("sqs", way):
        assert_unavailable(stack.post(RESEND, {"challenge_id": challenge_id}))

    too_early = stack.post(RESEND, {"challenge_id": challenge_id})
    clock.shift(30)
    again = stack.post(RESEND, {"challenge_id": challenge_id})
    for body in stack.account.queued()[1:]:
        stack.deliver(body)

    assert too_early.outcome == (429, "rate_limited")
    assert again.status == 202
    assert [code_in(mail) for mail in stack.account.mails()] == [code, code]


@BROKEN
def test_the_key_set_is_unavailable_rather_than_empty(stack: Stack, way: Fault) -> None:
    with stack.account.wire.failing("kms", way):
        answer = stack.serve(http_event("GET /.well-known/jwks.json"))

    assert_unavailable(answer)  # no-store: a relying party must not keep a failure for five minutes


def test_health_asks_nobody(stack: Stack) -> None:
    with stack.account.wire.failing("*", faults.read_timeout):
        assert stack.serve(http_event("GET /v1/health")).body == {"status": "ok"}


def test_a_conflict_of_transactions_is_waited_out(stack: Stack) -> None:
    conflict = faults.cancelled(["TransactionConflict", "None", "None"])
    with stack.account.wire.failing(TRANSACTION, faults.times(2, conflict)):
        assert stack.issue().status == 202


def test_an_unlimited_send_is_impossible_while_the_table_is_down(stack: Stack) -> None:
    """A6, A7: without the windows there is no mail."""
    with stack.account.wire.failing("dynamodb", faults.broken):
        answers = [stack.issue(f"person{number}@example.com") for number in range(10)]

    assert {answer.status for answer in answers} == {503}
    assert stack.account.queued() == []
