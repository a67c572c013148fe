"""The main job, by HTTP only."""

import json
import os
import shutil
import subprocess
import time
from datetime import datetime
from pathlib import Path

import jwt
import pytest

from tests.e2e.stories import Story, fresh_address, fresh_key, wrong
from tests.sandboxes import Sandbox

NODE = Path(__file__).parent.parent / "node"


def test_a_code_is_mailed_within_two_seconds_verified_once_and_refused_the_second_time(story: Story) -> None:
    """A10, A49."""
    email = fresh_address()
    issued = story.issue(email)
    started = time.monotonic()
    code = story.code(email)
    waited = time.monotonic() - started
    accepted = story.verify(issued.text("challenge_id"), code)
    again = story.verify(issued.text("challenge_id"), code)

    assert issued.status == 202
    assert set(issued.members) == {
        "challenge_id",
        "reference",
        "purpose",
        "code_length",
        "expires_at",
        "attempts_left",
        "resend_at",
    }
    assert waited < 2
    assert (accepted.status, accepted.text("verdict"), accepted.text("email")) == (200, "accepted", email)
    assert (again.status, again.text("code")) == (410, "challenge_consumed")
    assert len(story.mails(email)) == 1


def test_the_receipt_is_verified_by_stock_libraries_from_the_published_keys(story: Story, sandbox: Sandbox) -> None:
    """A29, A30."""
    email = fresh_address()
    challenge_id = story.issued(email, nonce="n-0S6_WzA2Mj", transaction={"payee": "Bücher GmbH", "amount": "12,00 €"})
    receipt = story.verify(
        challenge_id, story.code(email), transaction={"amount": "12,00 €", "payee": "Bücher GmbH"}
    ).text("receipt")

    keys = jwt.PyJWKClient(f"{sandbox.url}/.well-known/jwks.json")
    claims = jwt.decode(
        receipt,
        keys.get_signing_key_from_jwt(receipt).key,
        algorithms=["ES256"],
        audience="otpost-sandbox",
        issuer="http://127.0.0.1:8000",
        options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},  # the sandbox's clock was moved
    )

    assert jwt.get_unverified_header(receipt)["typ"] == "receipt+jwt"
    assert (claims["email"], claims["purpose"], claims["nonce"]) == (email, "sign_in", "n-0S6_WzA2Mj")
    assert claims["exp"] - claims["iat"] == 300
    assert "aal" not in claims
    assert "amr" not in claims


def test_the_receipt_is_verified_by_jose_in_node(story: Story, sandbox: Sandbox) -> None:
    """A29: the verification that docs/api.md shows."""
    if shutil.which("node") is None or not (NODE / "node_modules" / "jose").is_dir():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("needs Node and `npm ci` in tests/node")
    email = fresh_address()
    receipt = story.verify(story.issued(email), story.code(email)).text("receipt")
    now = str(int(sandbox.client.time().timestamp()))
    script = Path(__file__).parent / "verify_receipt.mjs"
    command = ["node", str(script), f"{sandbox.url}/.well-known/jwks.json", receipt, now]
    done = subprocess.run(command, cwd=NODE, capture_output=True, text=True, timeout=30, check=False)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["email"] == email


def test_the_same_key_fetches_the_same_receipt_again(story: Story) -> None:
    """A10: a lost answer costs neither a second attempt nor the success."""
    email, key = fresh_address(), fresh_key()
    challenge_id = story.issued(email)
    code = story.code(email)
    first = story.verify(challenge_id, code, key=key)
    again = story.verify(challenge_id, code, key=key)
    other = story.verify(challenge_id, code, key=fresh_key())

    def claims(receipt: str) -> dict[str, object]:
        return dict(jwt.decode(receipt, options={"verify_signature": False}))

    assert (first.status, again.status) == (200, 200)
    assert claims(first.text("receipt")) == claims(again.text("receipt"))
    assert (other.status, other.text("code")) == (410, "challenge_consumed")


def test_after_five_wrong_codes_the_right_one_is_refused(story: Story) -> None:
    """A1."""
    email = fresh_address()
    challenge_id = story.issued(email)
    code = story.code(email)
    guesses = [story.verify(challenge_id, wrong(code, offset)) for offset in range(1, 6)]
    right = story.verify(challenge_id, code)

    assert [guess.status for guess in guesses] == [401] * 5
    assert [guess.members["attempts_left"] for guess in guesses] == [4, 3, 2, 1, 0]
    assert {guess.headers["www-authenticate"] for guess in guesses} == {"OTPost"}
    assert (right.status, right.text("code")) == (410, "challenge_exhausted")
    assert story.status(challenge_id).text("verdict") == "exhausted"


def test_a_resend_brings_the_same_code_and_no_new_attempts(story: Story, sandbox: Sandbox) -> None:
    """A2."""
    email = fresh_address()
    issued = story.issue(email)
    challenge_id = issued.text("challenge_id")
    code = story.code(email)
    story.verify(challenge_id, wrong(code))
    early = sandbox.client.act("resend", challenge_id)
    story.advance(31)
    resent = sandbox.client.act("resend", challenge_id)

    assert (early.status, early.text("limit")) == (429, "address_interval")
    assert resent.status == 202
    assert story.code(email, count=2) == code
    assert resent.members["attempts_left"] == 4
    assert datetime.fromisoformat(resent.text("expires_at")) > datetime.fromisoformat(issued.text("expires_at"))
    assert story.verify(challenge_id, code).status == 200


def test_resends_never_move_the_expiry_beyond_the_hard_maximum(story: Story, sandbox: Sandbox) -> None:
    """A11."""
    issued = story.issue(fresh_address())
    for _ in range(2):
        story.advance(250)
        resent = sandbox.client.act("resend", issued.text("challenge_id"))
    maximum = datetime.fromisoformat(issued.text("expires_at")).timestamp() + 300

    assert datetime.fromisoformat(resent.text("expires_at")).timestamp() == maximum


def test_an_expired_code_is_refused_although_its_item_is_still_there(story: Story) -> None:
    """A11, A46."""
    email = fresh_address()
    challenge_id = story.issued(email)
    code = story.code(email)
    story.advance(301)
    late = story.verify(challenge_id, code)

    assert (late.status, late.text("code")) == (410, "challenge_expired")
    assert story.status(challenge_id).text("verdict") == "expired"


def test_an_issue_retried_with_its_key_finds_the_same_challenge_also_across_the_hour(
    story: Story, sandbox: Sandbox
) -> None:
    """A49."""
    email, key = fresh_address(), fresh_key()
    first = story.issue(email, key=key, purpose="verify_email")
    soon = story.issue(email, key=key, purpose="verify_email")
    now = sandbox.client.time()
    story.advance(3600 - (now.minute * 60 + now.second) + 1)
    later = story.issue(email, key=key, purpose="verify_email")
    another_body = story.issue(email, key=key, purpose="recovery")

    assert (first.status, soon.status, later.status) == (202, 202, 202)
    assert first.text("challenge_id") == soon.text("challenge_id") == later.text("challenge_id")
    assert another_body.text("challenge_id") != first.text("challenge_id")
    assert len(story.mails(email, count=2)) == 2


def test_the_sixth_mail_within_an_hour_is_refused_and_a_plus_alias_shares_the_window(story: Story) -> None:
    """A6."""
    email = fresh_address()
    for _ in range(5):
        story.issued(email)
        story.advance(31)
    sixth = story.issue(email)
    alias = story.issue(email.replace("@", "+alias@"))

    assert (sixth.status, sixth.text("code"), sixth.text("limit")) == (429, "rate_limited", "address_hour")
    assert (alias.status, alias.text("limit")) == (429, "address_hour")
    assert 3000 < int(sixth.headers["retry-after"]) <= 3600 - 4 * 31
    assert len(story.mails(email, count=5)) == 5


def test_a_code_serves_only_the_purpose_and_transaction_it_was_asked_for(story: Story) -> None:
    """A18, A24: refused alike for right and wrong codes, and the original still verifies."""
    email = fresh_address()
    payment = {"payee": "Ada", "amount": "10"}
    challenge_id = story.issued(email, purpose="transaction", transaction=payment)
    code = story.code(email)
    for guess in (code, wrong(code)):
        for change in (
            {"purpose": "sign_in", "transaction": payment},
            {"purpose": "transaction", "transaction": payment | {"payee": "Eve"}},
            {"purpose": "transaction"},
        ):
            refused = story.verify(challenge_id, guess, **change)
            assert (refused.status, refused.text("code")) == (404, "unknown_challenge")
    accepted = story.verify(challenge_id, code, purpose="transaction", transaction=payment)

    assert accepted.status == 200
    assert "Ada" in str(story.mails(email)[0]["text"])


def test_a_cancelled_challenge_cannot_succeed(story: Story, sandbox: Sandbox) -> None:
    email = fresh_address()
    challenge_id = story.issued(email)
    code = story.code(email)
    cancelled = [sandbox.client.act("cancel", challenge_id) for _ in range(2)]
    refused = story.verify(challenge_id, code)

    assert [(answer.status, answer.text("verdict")) for answer in cancelled] == [(200, "cancelled")] * 2
    assert (refused.status, refused.text("code")) == (410, "challenge_cancelled")


def test_twenty_failures_lengthen_codes_and_sixty_end_them(story: Story) -> None:
    """A2, A4: the streak outlives challenges; an identity's guesses stay below NIST's 100."""
    email = fresh_address()
    failures, lengths = 0, []
    for _ in range(30):
        issued = story.issue(email, purpose="verify_email")
        if issued.text("limit") == "failure_streak":
            break
        if issued.status == 429:
            story.advance(int(issued.headers["retry-after"]))
            continue
        lengths.append(issued.members["code_length"])
        for guess in range(int(str(issued.members["attempts_left"]))):
            digits = f"{guess:0{issued.members['code_length']}d}"
            answer = story.verify(issued.text("challenge_id"), digits, purpose="verify_email")
            failures += answer.status == 401
        story.advance(31)
    refused = story.issue(email, purpose="verify_email")

    assert (refused.status, refused.text("limit")) == (429, "failure_streak")
    assert lengths[:4] == [6] * 4
    assert set(lengths[4:]) == {10}
    assert 60 <= failures < 65
