"""Receipts that must not pass (A29, A30): the check of `otpost demo` is what we show relying parties to do."""

import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.utils import base64url_encode

from otpost_tools.commands.receipt_check import Expected, ForgedError, checked_claims

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())
KEYS: dict[str, object] = {
    "keys": [
        jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "k1", "alg": "ES256", "use": "sig"}
    ]
}
HEADER = {"typ": "receipt+jwt", "kid": "k1"}
CLAIMS: dict[str, Any] = {
    "iss": "https://otp.example.com", "aud": "shop", "sub": "s", "email": "ada@example.com", "email_verified": True,
    "purpose": "sign_in", "nonce": "n", "jti": "j", "iat": int(NOW.timestamp()), "nbf": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 300,
}  # fmt: skip
EXPECTED = Expected(
    email="ada@example.com", purpose="sign_in", nonce="n", now=NOW, issuer="https://otp.example.com", audience="shop"
)


def receipt(
    claims: dict[str, Any] | None = None, header: dict[str, str] | None = None, key: Any = KEY, algorithm: str = "ES256"
) -> str:
    return jwt.encode(CLAIMS | (claims or {}), key, algorithm=algorithm, headers=HEADER | (header or {}))


def hs256_with_the_public_key() -> str:
    """Signed by hand: PyJWT refuses to make such a token, a forger does not ask it."""
    parts = (HEADER | {"alg": "HS256"}, CLAIMS)
    signed = ".".join(base64url_encode(json.dumps(part).encode()).decode() for part in parts)
    secret = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return f"{signed}.{base64url_encode(hmac.digest(secret, signed.encode(), 'sha256')).decode()}"


def test_a_genuine_receipt_passes() -> None:
    assert checked_claims(receipt(), KEYS, expected=EXPECTED)["jti"] == "j"


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda: receipt(algorithm="none", key=None), id="alg none"),
        pytest.param(hs256_with_the_public_key, id="HS256 with the public key"),
        pytest.param(lambda: receipt(header={"typ": "JWT"}), id="another kind of token"),
        pytest.param(lambda: receipt(header={"kid": "../k1"}), id="kid that is a path"),
        pytest.param(lambda: receipt(header={"kid": "k2", "jku": "https://evil.example/keys"}), id="key of the forger"),
        pytest.param(lambda: receipt(key=ec.generate_private_key(ec.SECP256R1())), id="signed by another key"),
        pytest.param(lambda: receipt()[:-6] + "AAAAAA", id="another signature"),
        pytest.param(lambda: receipt({"iss": "https://evil.example"}), id="issuer"),
        pytest.param(lambda: receipt({"aud": "bank"}), id="audience"),
        pytest.param(lambda: receipt({"purpose": "recovery"}), id="purpose"),
        pytest.param(lambda: receipt({"nonce": "other"}), id="nonce"),
        pytest.param(lambda: receipt({"email": "eve@example.com"}), id="address"),
        pytest.param(lambda: receipt({"email_verified": "true"}), id="verified as text"),
        pytest.param(lambda: "not a token", id="no token"),
    ],
)
def test_a_forged_or_foreign_receipt_is_refused(forge: Callable[[], str]) -> None:
    forged = forge()

    with pytest.raises(ForgedError):
        checked_claims(forged, KEYS, expected=EXPECTED)


@pytest.mark.parametrize("passed", [timedelta(seconds=-6), timedelta(seconds=300)])
def test_a_receipt_is_refused_outside_its_time(passed: timedelta) -> None:
    expected = replace(EXPECTED, now=NOW + passed)

    with pytest.raises(ForgedError):
        checked_claims(receipt(), KEYS, expected=expected)


def test_a_receipt_is_good_until_its_last_second() -> None:
    expected = replace(EXPECTED, now=NOW + timedelta(seconds=299))

    assert checked_claims(receipt(), KEYS, expected=expected)
