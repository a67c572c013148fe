"""Receipts: what they claim, who can check them, what they do not claim."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest

from otpost.receipt import Receipts, base64url
from otpost.transaction import transaction_hash
from tests.contract.samples import NOW, new_challenge
from tests.fakes.keys import MemorySigner
from tests.unit.world import PAYMENT

RECEIPTS = Receipts(issuer="https://otp.example", audience="https://app.example")
CONSUMED_AT = NOW + timedelta(seconds=9, milliseconds=876)
CHALLENGE = new_challenge(
    purpose="transaction", transaction=PAYMENT, transaction_hash=transaction_hash(PAYMENT), nonce="n-1"
)
AT = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}


def decoded(receipt: str, signer: MemorySigner, **changes: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "algorithms": ["ES256"],
        "audience": "https://app.example",
        "issuer": "https://otp.example",
        "options": AT,
    }
    claims: dict[str, Any] = jwt.decode(receipt, signer.public_key, **arguments | changes)
    return claims


def test_a_receipt_claims_what_was_proven_and_nothing_more() -> None:
    """A30: no assurance level, no session."""
    signer = MemorySigner()
    issued_at = int(CONSUMED_AT.timestamp())

    claims = decoded(RECEIPTS.sign(CHALLENGE, CONSUMED_AT, signer), signer)

    assert claims == {
        "iss": "https://otp.example",
        "aud": "https://app.example",
        "sub": CHALLENGE.identity,
        "email": "Ada@example.com",
        "email_verified": True,
        "purpose": "transaction",
        "transaction": transaction_hash(PAYMENT),
        "nonce": "n-1",
        "jti": CHALLENGE.key,
        "iat": issued_at,
        "nbf": issued_at,
        "exp": issued_at + 300,
    }


def test_a_receipt_without_a_nonce_has_no_such_claim() -> None:
    assert "nonce" not in RECEIPTS.claims(new_challenge(), CONSUMED_AT)


def test_the_header_names_algorithm_type_and_key() -> None:
    """A29."""
    header = jwt.get_unverified_header(RECEIPTS.sign(CHALLENGE, CONSUMED_AT, MemorySigner("key-7")))

    assert header == {"alg": "ES256", "typ": "receipt+jwt", "kid": "key-7"}


def test_a_receipt_never_holds_the_id_or_the_transaction_itself() -> None:
    """A15: the jti is the table key, safe to log."""
    receipt = RECEIPTS.sign(CHALLENGE, CONSUMED_AT, MemorySigner())

    payload = base64.urlsafe_b64decode(receipt.split(".")[1] + "==").decode()

    assert "Ünal" not in payload
    assert "12,00" not in payload
    assert set(json.loads(payload)).isdisjoint({"aal", "acr", "amr", "code", "sid", "scope"})


def test_a_repeat_claims_the_same() -> None:
    """A30: ECDSA signatures differ, claims do not."""
    signer = MemorySigner()

    first, again = (RECEIPTS.sign(CHALLENGE, CONSUMED_AT, signer) for _ in range(2))

    assert first.rpartition(".")[0] == again.rpartition(".")[0]
    assert decoded(first, signer) == decoded(again, signer)


def test_a_receipt_of_another_key_is_not_accepted() -> None:
    """A29."""
    receipt = RECEIPTS.sign(CHALLENGE, CONSUMED_AT, MemorySigner())

    with pytest.raises(jwt.InvalidSignatureError):
        decoded(receipt, MemorySigner())


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"audience": "https://other.example"}, jwt.InvalidAudienceError),
        ({"issuer": "https://other.example"}, jwt.InvalidIssuerError),
        ({"options": AT | {"verify_exp": True}}, jwt.ExpiredSignatureError),
    ],
)
def test_a_receipt_is_not_accepted_elsewhere_or_later(changes: dict[str, Any], error: type[Exception]) -> None:
    """A30."""
    signer = MemorySigner()
    receipt = RECEIPTS.sign(CHALLENGE, CONSUMED_AT - timedelta(days=400), signer)

    with pytest.raises(error):
        decoded(receipt, signer, **changes)


def test_a_changed_receipt_is_not_accepted() -> None:
    """A29."""
    signer = MemorySigner()
    head, payload, signature = RECEIPTS.sign(CHALLENGE, CONSUMED_AT, signer).split(".")
    eve = base64url(json.dumps(RECEIPTS.claims(replace(CHALLENGE, email="eve@example.com"), CONSUMED_AT)).encode())

    with pytest.raises(jwt.InvalidSignatureError):
        decoded(f"{head}.{eve}.{signature}", signer)
    assert decoded(f"{head}.{payload}.{signature}", signer)["email"] == "Ada@example.com"


@pytest.mark.parametrize(
    ("data", "text"), [(b"", ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"\xfb\xff\xfe", "-__-")]
)
def test_base64url_has_no_padding_and_no_plus_or_slash(data: bytes, text: str) -> None:
    """RFC 7515 §2 and appendix C."""
    assert base64url(data) == text
