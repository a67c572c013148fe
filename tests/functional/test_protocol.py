"""From the issue to the receipt, through the handlers: what a relying party and a claimant see."""

import hashlib
from typing import Any

import jwt
import pytest
import time_machine

from tests.functional.events import NOW, http_event
from tests.functional.stack import (
    AUDIENCE,
    CANCEL,
    ISSUER,
    RESEND,
    STATUS,
    Stack,
    code_in,
    opened_mail,
    wrong,
)


def claims(stack: Stack, receipt: str) -> dict[str, object]:
    """Return the claims of *receipt*, checked with the published key."""
    keys = jwt.PyJWKSet(stack.serve(http_event("GET /.well-known/jwks.json")).body["keys"])
    header = jwt.get_unverified_header(receipt)
    assert header == {"alg": "ES256", "typ": "receipt+jwt", "kid": keys.keys[0].key_id}
    checked: dict[str, object] = jwt.decode(
        receipt, keys[header["kid"]], algorithms=["ES256"], audience=AUDIENCE, issuer=ISSUER
    )
    return checked


def status(stack: Stack, challenge_id: str) -> dict[str, object]:
    """Return what status says, without what stays the same."""
    body = stack.post(STATUS, {"challenge_id": challenge_id}).body
    return {name: body[name] for name in ("verdict", "delivery", "attempts_left")}


def test_an_issue_says_what_a_page_needs_to_know(stack: Stack) -> None:
    issued = stack.issue()

    body = issued.body
    assert issued.status == 202
    assert body == {
        "challenge_id": body["challenge_id"],
        "reference": body["reference"],
        "purpose": "sign_in",
        "code_length": 6,
        "expires_at": "2026-11-01T12:05:00.000Z",
        "attempts_left": 5,
        "resend_at": "2026-11-01T12:00:30.000Z",
    }
    assert stack.account.queued() == [body["challenge_id"]]
    assert stack.account.mails() == []


def test_a_right_code_gets_a_receipt_that_says_what_was_proven(stack: Stack) -> None:
    challenge_id, code = stack.mailed(email="Ada@Example.com", nonce="n-1")

    answer = stack.verify(challenge_id, code)

    assert answer.status == 200
    receipt = answer.body.pop("receipt")
    assert answer.body == {"verdict": "accepted", "purpose": "sign_in", "email": "Ada@example.com", "receipt": receipt}
    told = claims(stack, receipt)
    assert told == {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": told["sub"],
        "email": "Ada@example.com",
        "email_verified": True,
        "purpose": "sign_in",
        "transaction": hashlib.sha256(b"").hexdigest(),
        "nonce": "n-1",
        "jti": hashlib.sha256(challenge_id.encode()).hexdigest(),
        "iat": int(NOW.timestamp()),
        "nbf": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 300,
    }


def test_the_subject_is_one_person_whatever_the_case(stack: Stack) -> None:
    receipts = []
    for email in ("Ada@example.com", "aDa+work@EXAMPLE.com", "ada@example.com"):
        stack.account.clear()
        challenge_id, code = stack.mailed(email=email)
        receipts.append(claims(stack, stack.verify(challenge_id, code).body["receipt"])["sub"])

    assert receipts[0] == receipts[2] != receipts[1]


@pytest.mark.parametrize("typed", ["{} {}", "{}-{}", " {}{} ", "{}  -  {}"])
def test_a_code_may_be_typed_with_spaces_and_hyphens(stack: Stack, typed: str) -> None:
    challenge_id, code = stack.mailed()

    assert stack.verify(challenge_id, typed.format(code[:3], code[3:])).status == 200


def test_wrong_codes_are_counted_to_the_last(stack: Stack) -> None:
    """A1: then the right one fails, too."""
    challenge_id, code = stack.mailed()

    answers = [stack.verify(challenge_id, wrong(code, nth)) for nth in range(1, 6)]

    assert [answer.outcome for answer in answers] == [(401, "wrong_code")] * 5
    assert [answer.body["attempts_left"] for answer in answers] == [4, 3, 2, 1, 0]
    assert {answer.headers["www-authenticate"] for answer in answers} == {"OTPost"}
    assert stack.verify(challenge_id, code).outcome == (410, "challenge_exhausted")
    assert stack.verify(challenge_id, wrong(code)).outcome == (410, "challenge_exhausted")


def test_a_used_code_is_used(stack: Stack) -> None:
    """A10."""
    challenge_id, code = stack.mailed()
    stack.verify(challenge_id, code)

    assert stack.verify(challenge_id, code).outcome == (410, "challenge_consumed")
    assert stack.verify(challenge_id, wrong(code)).outcome == (410, "challenge_consumed")


def test_a_code_lives_to_the_millisecond_before_its_expiry(stack: Stack, clock: time_machine.Traveller) -> None:
    """A11, A46."""
    first_id, first = stack.mailed(email="ada@example.com")
    second_id, second = stack.mailed(email="eve@example.com")

    clock.shift(299.999)
    in_time = stack.verify(first_id, first)
    clock.shift(0.001)
    too_late = stack.verify(second_id, second)

    assert in_time.status == 200
    assert too_late.outcome == (410, "challenge_expired")


@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize(
    "presented",
    [{"purpose": "recovery"}, {"transaction": {"payee": "Bob", "amount": "10"}}, {}, {"transaction": {"payee": "Eve"}}],
    ids=["other purpose", "other payee", "no transaction", "a member less"],
)
def test_a_code_is_good_for_what_it_was_asked_for_only(stack: Stack, presented: dict[str, Any], *, right: bool) -> None:
    """A18, A24: refused before anything about the guess shows, and the original still verifies."""
    asked: dict[str, Any] = {"transaction": {"payee": "Eve", "amount": "10"}, "purpose": "transaction"}
    challenge_id, code = stack.mailed(**asked)
    before = stack.account.items()

    answer = stack.verify(challenge_id, code if right else wrong(code), **({"purpose": "transaction"} | presented))

    assert answer.outcome == (404, "unknown_challenge")
    assert stack.account.items() == before
    reordered = {"amount": "10", "payee": "Eve"}
    assert stack.verify(challenge_id, code, purpose="transaction", transaction=reordered).status == 200


def test_a_transaction_is_in_the_mail_and_its_hash_in_the_receipt(stack: Stack) -> None:
    """A23, A24."""
    asked: dict[str, Any] = {"transaction": {"payee": "Zoë & Söhne", "amount": "1.200,00 €"}, "purpose": "transaction"}
    challenge_id, code = stack.mailed(**asked)

    receipt = stack.verify(challenge_id, code, **asked).body["receipt"]

    text = opened_mail(stack.account.mails()[0]).get_body(("plain",))
    assert text is not None
    assert "Zoë & Söhne" in text.get_content()
    assert "1.200,00 €" in text.get_content()
    canonical = '{"amount":"1.200,00 €","payee":"Zoë & Söhne"}'.encode()
    assert claims(stack, receipt)["transaction"] == hashlib.sha256(canonical).hexdigest()


def test_a_resend_mails_the_same_code_and_moves_the_expiry(stack: Stack, clock: time_machine.Traveller) -> None:
    challenge_id, code = stack.mailed()
    stack.verify(challenge_id, wrong(code))
    clock.shift(30)

    resent = stack.post(RESEND, {"challenge_id": challenge_id})
    stack.deliver(challenge_id)

    assert resent.status == 202
    assert resent.body | {"reference": "", "challenge_id": ""} == {
        "challenge_id": "",
        "reference": "",
        "purpose": "sign_in",
        "code_length": 6,
        "expires_at": "2026-11-01T12:05:30.000Z",
        "attempts_left": 4,  # not renewed
        "resend_at": "2026-11-01T12:01:00.000Z",
    }
    assert [code_in(mail) for mail in stack.account.mails()] == [code, code]
    clock.shift(299.999)
    assert stack.verify(challenge_id, code).status == 200


def test_resends_never_carry_a_code_beyond_its_hard_maximum(stack: Stack, clock: time_machine.Traveller) -> None:
    challenge_id, code = stack.mailed()
    for _ in range(2):
        clock.shift(280)
        resent = stack.post(RESEND, {"challenge_id": challenge_id})

    assert resent.body["expires_at"] == "2026-11-01T12:10:00.000Z"
    clock.shift(40)
    assert stack.verify(challenge_id, code).outcome == (410, "challenge_expired")


def test_status_follows_a_challenge(stack: Stack, clock: time_machine.Traveller) -> None:
    issued = stack.issue().body["challenge_id"]
    seen = [status(stack, issued)]
    stack.deliver(issued)
    code = code_in(stack.account.mails()[0])
    seen.append(status(stack, issued))
    stack.verify(issued, wrong(code))
    seen.append(status(stack, issued))
    stack.verify(issued, code)
    seen.append(status(stack, issued))

    assert seen == [
        {"verdict": "open", "delivery": "queued", "attempts_left": 5},
        {"verdict": "open", "delivery": "sent", "attempts_left": 5},
        {"verdict": "open", "delivery": "sent", "attempts_left": 4},
        {"verdict": "accepted", "delivery": "sent", "attempts_left": 3},
    ]


def test_status_tells_how_a_challenge_ended(stack: Stack, clock: time_machine.Traveller) -> None:
    expired, _ = stack.mailed(email="a@example.com")
    exhausted, code = stack.mailed(email="b@example.com")
    cancelled, _ = stack.mailed(email="c@example.com")
    for nth in range(1, 6):
        stack.verify(exhausted, wrong(code, nth))
    stack.post(CANCEL, {"challenge_id": cancelled})
    clock.shift(300)

    assert [status(stack, one)["verdict"] for one in (expired, exhausted, cancelled)] == [
        "expired",
        "exhausted",
        "cancelled",
    ]


def test_a_cancelled_challenge_is_over(stack: Stack, clock: time_machine.Traveller) -> None:
    challenge_id, code = stack.mailed()

    answers = [stack.post(CANCEL, {"challenge_id": challenge_id}) for _ in range(2)]

    assert [(answer.status, answer.body) for answer in answers] == [(200, {"verdict": "cancelled"})] * 2
    assert stack.verify(challenge_id, code).outcome == (410, "challenge_cancelled")
    clock.shift(60)
    assert stack.post(RESEND, {"challenge_id": challenge_id}).outcome == (410, "challenge_cancelled")


def test_a_consumed_challenge_cannot_be_cancelled_or_resent(stack: Stack, clock: time_machine.Traveller) -> None:
    challenge_id, code = stack.mailed()
    stack.verify(challenge_id, code)
    clock.shift(60)
    before = stack.account.items()

    for route in (CANCEL, RESEND):
        assert stack.post(route, {"challenge_id": challenge_id}).outcome == (410, "challenge_consumed")
    assert stack.account.items() == before
