"""A8: what tells a stranger nothing. Answers about different people differ in ids, references and times alone."""

import json

import pytest

from tests.functional.stack import Response, Stack, wrong

PEOPLE = ["ada@example.com", "someone.with.a.much.longer.address+tag@mail.sub.example.org", "x@xn--bcher-kva.example"]


def shape(answer: Response) -> bytes:
    """Return all of an answer, octet by octet, with ids and references blanked."""
    body = answer.body
    blanked = {name: "?" for name in ("challenge_id", "reference", "email", "receipt") if name in body}
    return json.dumps([answer.status, sorted(answer.headers.items()), list(body), body | blanked]).encode()


@pytest.fixture
def known(stack: Stack) -> Stack:
    """Let the first of the people have history: failures, and a success before."""
    challenge_id, code = stack.mailed(email=PEOPLE[0])
    stack.verify(challenge_id, wrong(code))
    stack.verify(challenge_id, code)
    history = stack.account.items("identities")
    stack.account.clear()
    for item in history:
        stack.account.put("identities", item)
    return stack


def test_an_issue_is_answered_alike_whoever_is_asked_for(known: Stack) -> None:
    answers, sizes, calls = set(), set(), set()
    for person in PEOPLE:
        with known.account.wire.watched() as made:
            answer = known.issue(person)
        answers.add(shape(answer))
        sizes.add(len(answer.text))
        calls.add(tuple(made))

    assert len(answers) == 1
    assert len(sizes) == 1
    assert len(calls) == 1  # A9: the same calls in the same order


def test_a_refused_issue_is_answered_alike_whoever_is_asked_for(known: Stack) -> None:
    answers, calls = set(), set()
    for person in PEOPLE:
        known.issue(person)
        with known.account.wire.watched() as made:
            answers.add(shape(known.issue(person)))
        calls.add(tuple(made))

    assert len(answers) == 1
    assert len(calls) == 1


def test_a_wrong_code_is_answered_alike_whosever_it_is(known: Stack) -> None:
    answers = set()
    for person in PEOPLE:
        challenge_id, code = known.mailed(email=person)
        answers.add(shape(known.verify(challenge_id, wrong(code))))

    assert len(answers) == 1


def test_an_unknown_challenge_is_answered_alike_whatever_is_wrong_with_it(stack: Stack) -> None:
    """A18: an id that was never issued, one that cannot be, and one that was issued for something else."""
    challenge_id, code = stack.mailed()
    never = challenge_id[:-4] + ("AAAA" if not challenge_id.endswith("AAAA") else "AAAB")

    answers = {
        shape(stack.verify(never, "123456")),
        shape(stack.verify("x", "123456")),
        shape(stack.verify(challenge_id, code, purpose="recovery")),
        shape(stack.verify(challenge_id, wrong(code), purpose="recovery")),
        shape(stack.verify(challenge_id, code, transaction={"a": "b"})),
    }

    assert len(answers) == 1


def test_a_challenge_that_is_over_answers_right_and_wrong_codes_alike(stack: Stack) -> None:
    challenge_id, code = stack.mailed()
    stack.verify(challenge_id, code)

    assert shape(stack.verify(challenge_id, code)) == shape(stack.verify(challenge_id, wrong(code)))
