"""A request sent again with its Idempotency-Key: one challenge, one attempt, one success."""

from typing import Any

import pytest
import time_machine

from tests.functional.events import NOW
from tests.functional.stack import Stack, code_in, wrong

KEY, OTHER_KEY = "k" * 16, "o" * 16


def test_a_keyed_success_may_be_asked_again_for_300_seconds(stack: Stack, clock: time_machine.Traveller) -> None:
    challenge_id, code = stack.mailed()
    first = stack.verify(challenge_id, code, key=KEY)

    clock.shift(299.999)
    again = stack.verify(challenge_id, code, key=KEY)
    others = [stack.verify(challenge_id, code), stack.verify(challenge_id, code, key=OTHER_KEY)]
    clock.shift(0.001)
    too_late = stack.verify(challenge_id, code, key=KEY)

    assert again.status == 200
    unsigned = [answer.body["receipt"].rpartition(".")[0] for answer in (first, again)]
    assert unsigned[0] == unsigned[1]  # ECDSA is randomized; header and claims are the same
    assert {answer.outcome for answer in others} == {(410, "challenge_consumed")}
    assert too_late.outcome == (410, "challenge_consumed")


def test_a_keyed_wrong_code_costs_one_attempt_however_often_it_is_sent(stack: Stack) -> None:
    challenge_id, code = stack.mailed()

    answers = [stack.verify(challenge_id, wrong(code), key=KEY) for _ in range(7)]
    other_code = stack.verify(challenge_id, wrong(code, 2), key=KEY)

    assert {answer.body["attempts_left"] for answer in answers} == {4}
    assert other_code.body["attempts_left"] == 3


def test_a_keyed_issue_is_one_challenge(stack: Stack, clock: time_machine.Traveller) -> None:
    first = stack.issue(key=KEY)
    clock.shift(20)

    again = stack.issue(key=KEY)

    assert again.text == first.text
    assert stack.account.queued() == [first.body["challenge_id"]] * 2
    assert stack.issue(key=OTHER_KEY).outcome == (429, "rate_limited")


@pytest.mark.parametrize("seconds", [1, 3600])
def test_a_keyed_issue_is_one_challenge_across_the_hour(
    stack: Stack, clock: time_machine.Traveller, seconds: int
) -> None:
    """The key holds for the clock hour of the first request and the whole hour after it."""
    clock.move_to(NOW.replace(minute=59, second=59))
    first = stack.issue(key=KEY, purpose="recovery")
    clock.shift(seconds)

    assert stack.issue(key=KEY, purpose="recovery").text == first.text


@pytest.mark.parametrize(
    "change",
    [
        {"email": "bob@example.com"},
        {"purpose": "recovery"},
        {"nonce": "n"},
        {"locale": "de"},
        {"transaction": {"a": "b"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_same_key_with_another_body_is_another_request(stack: Stack, change: dict[str, Any]) -> None:
    first = stack.issue(key=KEY)

    other = stack.issue(**change, key=KEY)

    assert other.status == (202 if "email" in change else 429)
    assert other.body.get("challenge_id") != first.body["challenge_id"]


def test_a_repeated_issue_of_a_used_challenge_says_so_by_its_attempts(stack: Stack) -> None:
    issued = stack.issue(key=KEY)
    stack.deliver(issued.body["challenge_id"])
    stack.verify(issued.body["challenge_id"], code_in(stack.account.mails()[0]))

    again = stack.issue(key=KEY)

    assert again.status == 202
    assert again.body == issued.body | {"attempts_left": 4}
    assert stack.deliver(again.body["challenge_id"]) == []
    assert len(stack.account.mails()) == 1
