"""Verifies a receipt as a relying party should: with PyJWT, pinned to one algorithm and to the published keys."""

from dataclasses import dataclass
from datetime import datetime

import jwt

from otpost_tools.client import Members


class ForgedError(Exception):
    """The receipt is not one of this stack's, or does not say what was asked; the message says which check failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the relying party knows by itself. *now* is the stack's time; a sandbox's clock may be ahead."""

    email: str
    purpose: str
    nonce: str
    now: datetime
    issuer: str | None = None
    audience: str | None = None


def checked_claims(receipt: str, keys: Members, *, expected: Expected) -> Members:
    """Return the claims of *receipt* if it is genuine and says exactly what is expected; raise `ForgedError` if not."""
    try:
        header = jwt.get_unverified_header(receipt)
        if header.get("alg") != "ES256" or header.get("typ") != "receipt+jwt":
            raise ForgedError(f"unexpected header {header}")
        key = jwt.PyJWKSet.from_dict(keys)[str(header.get("kid"))]
        claims: Members = jwt.decode(
            receipt,
            key,
            algorithms=["ES256"],
            issuer=expected.issuer,
            audience=expected.audience,
            # Times are compared below, with the stack's clock instead of this machine's.
            options={
                "require": ["iss", "aud", "sub", "jti", "iat", "nbf", "exp"],
                "verify_aud": expected.audience is not None,
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
    except (jwt.PyJWTError, KeyError) as error:
        raise ForgedError(str(error)) from error
    _require_meaning(claims, expected)
    return claims


def _require_meaning(claims: Members, expected: Expected) -> None:
    wanted = {"email": expected.email, "purpose": expected.purpose, "nonce": expected.nonce, "email_verified": True}
    for name, value in wanted.items():
        if claims.get(name) != value:
            raise ForgedError(f"claim {name} is {claims.get(name)!r}, expected {value!r}")
    now, skew = expected.now.timestamp(), 5
    begin, end = float(str(claims["nbf"])), float(str(claims["exp"]))
    if not begin - skew <= now < end:
        raise ForgedError(f"valid from {begin:.0f} to {end:.0f}, but it is {now:.0f}")
