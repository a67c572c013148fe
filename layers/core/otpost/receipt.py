"""Receipts: signed JWTs (RFC 7519, ES256) that say what was proven, for what purpose, and nothing more.

A receipt is no session and claims no assurance level: an email code proves control of a mailbox at one instant.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from otpost.challenge import REPEAT_WINDOW, Challenge
from otpost.ports import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """Makes the receipts of one deployment."""

    issuer: str
    audience: str

    def claims(self, challenge: Challenge, consumed_at: datetime) -> dict[str, object]:
        """Return the claims: times in whole seconds, valid for 300 s from the success, the same on a repeat."""
        issued_at = int(consumed_at.timestamp())
        claims: dict[str, object] = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": challenge.identity,
            "email": challenge.email,
            "email_verified": True,
            "purpose": challenge.purpose,
            "transaction": challenge.transaction_hash,
            "jti": challenge.key,
            "iat": issued_at,
            "nbf": issued_at,
            "exp": issued_at + int(REPEAT_WINDOW.total_seconds()),
        }
        return claims if challenge.nonce is None else claims | {"nonce": challenge.nonce}

    def sign(self, challenge: Challenge, consumed_at: datetime, signer: Signer) -> str:
        """Return the receipt in JWS compact form, `typ: receipt+jwt`."""
        header = {"alg": "ES256", "typ": "receipt+jwt", "kid": signer.key_id}
        signed = f"{_part(header)}.{_part(self.claims(challenge, consumed_at))}"
        return f"{signed}.{base64url(signer.sign(signed.encode('ascii')))}"


def base64url(data: bytes) -> str:
    """Encode as JWS does (RFC 7515 §2): URL-safe, without padding."""
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _part(members: Mapping[str, object]) -> str:
    return base64url(json.dumps(members, separators=(",", ":")).encode())
