"""Limits through the handlers: windows of addresses, sources and the stack, and the failure streak."""

import json

import pytest
import time_machine

from tests.backends.account import Account
from tests.functional.stack import RESEND, Response, Stack, wrong
from tests.unit.policy_json import RAW

SMALL = RAW | {"windows": RAW["windows"] | {"source_hour": 3, "stack_day": 16}}


@pytest.fixture(scope="module")
def _small(_account: Account) -> Stack:
    return Stack(_account, POLICY=json.dumps(SMALL))


@pytest.fixture
def small(account: Account, clock: time_machine.Traveller, _small: Stack) -> Stack:
    """Return functions of a stack that sends three mails an hour to a source, and one a day and shard."""
    return _small


def told(answer: Response) -> tuple[int, str, str, str]:
    """Return what a refusal for its rate says."""
    return answer.status, answer.body["code"], answer.body["limit"], answer.headers["retry-after"]


def test_an_address_gets_one_mail_in_thirty_seconds(stack: Stack, clock: time_machine.Traveller) -> None:
    """A6."""
    stack.issue()
    clock.shift(0.5)

    refused = stack.issue()
    clock.shift(float(refused.headers["retry-after"]))

    assert told(refused) == (429, "rate_limited", "address_interval", "30")  # whole seconds, rounded up
    assert refused.body["detail"] == "A mail went to this address moments ago. Try again in 30 s."
    assert stack.issue().status == 202


def test_aliases_of_a_mailbox_share_its_windows(stack: Stack) -> None:
    """A6."""
    stack.issue("grace.hopper@gmail.com")

    aliases = ["gracehopper@gmail.com", "Grace.Hopper+x@googlemail.com", "g.r.a.c.e.h.o.p.p.e.r@GMAIL.com"]

    assert {told(stack.issue(alias))[2] for alias in aliases} == {"address_interval"}
    assert len(stack.account.queued()) == 1


def test_an_address_gets_five_mails_in_an_hour_and_ten_in_a_day(stack: Stack, clock: time_machine.Traveller) -> None:
    """A6: a hundred requests in a row lead to five mails."""
    in_the_hour = []
    for _ in range(100):
        in_the_hour.append(stack.issue())
        clock.shift(31)
    assert [answer.status for answer in in_the_hour].count(202) == 5
    assert told(in_the_hour[5])[2] == "address_hour"
    clock.shift(3600)
    for _ in range(20):
        in_the_hour.append(stack.issue())
        clock.shift(700)

    assert [answer.status for answer in in_the_hour].count(202) == 10
    assert told(in_the_hour[-1])[2] == "address_day"
    assert len(stack.account.queued()) == 10


def test_resends_count_like_issues(stack: Stack, clock: time_machine.Traveller) -> None:
    """A6."""
    challenge_id = stack.issue(purpose="recovery").body["challenge_id"]
    answers = []
    for _ in range(6):
        clock.shift(31)
        answers.append(stack.post(RESEND, {"challenge_id": challenge_id}))

    assert [answer.status for answer in answers] == [202] * 4 + [429] * 2
    assert told(answers[4])[2] == "address_hour"


def test_a_source_causes_no_more_than_its_share(small: Stack, clock: time_machine.Traveller) -> None:
    """A7."""
    clock.shift(60 * 20)
    answers = [small.issue(f"person{number}@example.com") for number in range(20)]

    allowed = [answer for answer in answers if answer.status == 202]
    assert len(allowed) == 3 == len(small.account.queued())
    assert told(answers[-1]) in {
        (429, "rate_limited", "source_hour", "2400"),
        (429, "rate_limited", "stack_day", str(11 * 3600 + 2400)),  # the longest wait is told
    }


def test_the_stack_sends_no_more_than_its_cap_in_a_day(small: Stack, clock: time_machine.Traveller) -> None:
    """A7: with a source for each, only the stack's own limit is left."""
    for number in range(40):
        small.post(
            "POST /v1/challenges",
            {"email": f"person{number}@example.com", "purpose": "sign_in"},
            source_ip=f"198.51.{number}.1",
        )

    assert len(small.account.queued()) <= 16


def guess_wrongly(stack: Stack, times: int) -> None:
    """Give the identity of the only challenge this many failures, past the windows."""
    identity = next(item["identity"]["S"] for item in stack.account.items("challenges") if "identity" in item)
    before = next(iter(stack.account.items("identities")), {"pk": {"S": f"identity#{identity}"}})
    failures = [f"attempt {number}".encode() for number in range(times)]
    stack.account.put("identities", before | {"failures": {"BS": failures}})


def test_failures_survive_resends_and_new_challenges(stack: Stack, clock: time_machine.Traveller) -> None:
    """A2: four wrong codes, a resend, a new challenge, again and again: the streak only grows, to longer codes."""
    lengths = []
    for _ in range(6):
        challenge_id, code = stack.mailed()
        lengths.append(len(code))
        for nth in range(1, 5 if len(code) == 6 else 4):
            assert stack.verify(challenge_id, wrong(code, nth)).status == 401
        clock.shift(31)
        stack.post(RESEND, {"challenge_id": challenge_id})
        clock.shift(12 * 3600)

    assert lengths == [6, 6, 6, 6, 6, 10]


@pytest.mark.parametrize(("failures", "digits", "attempts"), [(19, 6, 5), (20, 10, 3), (59, 10, 3)])
def test_from_twenty_failures_on_codes_are_longer(
    stack: Stack, clock: time_machine.Traveller, failures: int, digits: int, attempts: int
) -> None:
    """A2."""
    stack.issue()
    guess_wrongly(stack, failures)
    clock.shift(31)

    issued = stack.issue()

    assert (issued.body["code_length"], issued.body["attempts_left"]) == (digits, attempts)
    assert stack.verify(issued.body["challenge_id"], "1" * (16 - digits)).outcome == (400, "invalid_request")


def test_from_sixty_failures_on_there_is_no_challenge(stack: Stack, clock: time_machine.Traveller) -> None:
    """A2."""
    stack.issue()
    guess_wrongly(stack, 60)
    clock.shift(31)
    before = stack.account.items()

    refused = stack.issue()

    assert told(refused) == (429, "rate_limited", "failure_streak", "86400")
    assert stack.account.items() == before
    assert stack.issue("eve@example.com").status == 202


def test_a_success_ends_the_streak(stack: Stack, clock: time_machine.Traveller) -> None:
    challenge_id, code = stack.mailed()
    guess_wrongly(stack, 59)
    stack.verify(challenge_id, code)
    clock.shift(31)

    assert stack.issue().body["code_length"] == 6


def test_a_repeated_success_ends_no_newer_streak(stack: Stack, clock: time_machine.Traveller) -> None:
    """A2: one lost answer is not a licence to guess."""
    challenge_id, code = stack.mailed()
    stack.verify(challenge_id, code, key="k" * 16)
    guess_wrongly(stack, 20)
    clock.shift(31)
    stack.verify(challenge_id, code, key="k" * 16)

    assert stack.issue().body["code_length"] == 10


def test_one_wrong_code_repeated_with_its_key_is_one_failure(stack: Stack) -> None:
    """A2."""
    challenge_id, code = stack.mailed()
    for _ in range(10):
        stack.verify(challenge_id, wrong(code), key="k" * 16)

    assert [len(item["failures"]["BS"]) for item in stack.account.items("identities")] == [1]


def test_guesses_over_all_challenges_of_an_identity_are_bounded(stack: Stack, clock: time_machine.Traveller) -> None:
    """A4: open as many challenges as the windows allow in a day and guess on each: twenty guesses at short codes."""
    judged = {6: 0, 10: 0}
    for _ in range(12):
        issued = stack.issue()
        if issued.status == 202:
            stack.deliver(issued.body["challenge_id"])
            for guess in range(5):
                code = f"{guess:0{issued.body['code_length']}d}"
                judged[len(code)] += stack.verify(issued.body["challenge_id"], code).status == 401
        clock.shift(12 * 60)

    assert judged == {6: 20, 10: 18}
