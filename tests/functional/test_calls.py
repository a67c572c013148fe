"""Which calls each request makes, in order: what it costs, and that nothing shows in their number who was asked about.

Every function has served once before, as a warm execution environment has.
"""

import pytest
import time_machine

from otpost.settings import CallerMode
from tests.backends.account import Account
from tests.functional.events import http_event
from tests.functional.stack import CANCEL, RESEND, STATUS, Stack, wrong

READ, WRITE, TRANSACTION = "dynamodb.GetItem", "dynamodb.UpdateItem", "dynamodb.TransactWriteItems"
MAC, SIGN, PUBLIC_KEY, SEND, MAIL = (
    "kms.GenerateMac",
    "kms.Sign",
    "kms.GetPublicKey",
    "sqs.SendMessage",
    "sesv2.SendEmail",
)


@pytest.fixture
def warm(stack: Stack) -> tuple[Stack, str, str]:
    """Return warm functions, and a challenge with its code."""
    challenge_id, code = stack.mailed(email="warm@example.com")
    stack.verify(challenge_id, wrong(code))
    return stack, *stack.mailed()


def test_an_issue_is_one_read_one_transaction_one_message(warm: tuple[Stack, str, str]) -> None:
    stack = warm[0]
    with stack.account.wire.watched() as calls:
        stack.issue("grace@example.com")

    assert calls == [READ, TRANSACTION, SEND]


def test_a_keyed_issue_and_its_repeat_make_the_same_calls(warm: tuple[Stack, str, str]) -> None:
    stack = warm[0]
    with stack.account.wire.watched() as first:
        stack.issue("grace@example.com", key="k" * 16)
    with stack.account.wire.watched() as repeated:
        stack.issue("grace@example.com", key="k" * 16)

    assert first == repeated == [READ, TRANSACTION, SEND]


def test_a_right_code_is_two_writes_and_a_signature(warm: tuple[Stack, str, str]) -> None:
    stack, challenge_id, code = warm
    with stack.account.wire.watched() as calls:
        stack.verify(challenge_id, code)

    assert calls == [WRITE, WRITE, SIGN]


def test_a_wrong_code_is_two_writes(warm: tuple[Stack, str, str]) -> None:
    stack, challenge_id, code = warm
    with stack.account.wire.watched() as calls:
        stack.verify(challenge_id, wrong(code))

    assert calls == [WRITE, WRITE]


def test_a_refused_guess_is_one_write_right_or_wrong(warm: tuple[Stack, str, str]) -> None:
    stack, challenge_id, code = warm
    stack.verify(challenge_id, code)
    seen = []
    for guess in (code, wrong(code)):
        with stack.account.wire.watched() as calls:
            stack.verify(challenge_id, guess)
        seen.append(calls)

    assert seen == [[WRITE], [WRITE]]


def test_a_resend_is_one_read_one_transaction_one_message(
    warm: tuple[Stack, str, str], clock: time_machine.Traveller
) -> None:
    stack, challenge_id, _ = warm
    clock.shift(30)
    with stack.account.wire.watched() as calls:
        stack.post(RESEND, {"challenge_id": challenge_id})

    assert calls == [READ, TRANSACTION, SEND]


def test_status_is_one_read_and_cancel_one_write(warm: tuple[Stack, str, str]) -> None:
    stack, challenge_id, _ = warm
    with stack.account.wire.watched() as reading:
        stack.post(STATUS, {"challenge_id": challenge_id})
    with stack.account.wire.watched() as cancelling:
        stack.post(CANCEL, {"challenge_id": challenge_id})

    assert reading == [READ]
    assert cancelling == [WRITE]


def test_a_mail_is_a_lease_a_sending_and_a_record(warm: tuple[Stack, str, str]) -> None:
    stack = warm[0]
    challenge_id = stack.issue("grace@example.com").body["challenge_id"]
    with stack.account.wire.watched() as calls:
        stack.deliver(challenge_id)

    assert calls == [WRITE, MAIL, WRITE]


def test_what_anyone_may_read_costs_a_look_at_the_key_or_nothing(stack: Stack) -> None:
    seen = []
    for path in ("/.well-known/jwks.json", "/openapi.json", "/v1/health"):
        with stack.account.wire.watched() as calls:
            stack.serve(http_event(f"GET {path}"))
        seen.append(calls)

    assert seen == [[PUBLIC_KEY], [], []]


@pytest.mark.parametrize("route", ["verify", "resend", "status", "cancel"])
def test_an_id_that_names_no_challenge_of_this_region_and_day_costs_nothing(
    stack: Stack, clock: time_machine.Traveller, route: str
) -> None:
    """Garbage, an id of 26 hours ago, one of 2 hours ahead: unknown before any call."""
    guess = {"code": "123456", "purpose": "sign_in"} if route == "verify" else {}
    old = stack.issue().body["challenge_id"]
    clock.shift(28 * 3600)
    ahead = stack.issue("eve@example.com").body["challenge_id"]
    clock.shift(-2 * 3600)

    for challenge_id in (old, ahead, "x", "", old[:-1] + "é", old + "A", "A" * 128):
        with stack.account.wire.watched() as calls:
            answer = stack.post(f"POST /v1/challenges/{route}", guess | {"challenge_id": challenge_id})
        assert answer.outcome == (404, "unknown_challenge")
        assert calls == []


def test_a_request_that_is_malformed_costs_nothing(stack: Stack) -> None:
    """A7."""
    with stack.account.wire.watched() as calls:
        assert stack.issue("ada@example.com, eve@example.com").status == 400
        assert stack.verify("x", "12345").status == 400

    assert calls == []


def test_a_cold_start_asks_kms_once_and_an_hour_once_more(account: Account, clock: time_machine.Traveller) -> None:
    with account.wire.watched() as at_init:
        cold = Stack(account, CallerMode.BROWSER)
    with account.wire.watched() as first:
        challenge_id, code = cold.mailed()
        cold.verify(challenge_id, wrong(code))
    with account.wire.watched() as second:
        cold.verify(challenge_id, wrong(code, 2))

    assert at_init == []
    assert first == [MAC, READ, TRANSACTION, SEND, MAC, WRITE, MAIL, WRITE, MAC, WRITE, WRITE]
    assert second == [WRITE, WRITE]
