"""Every use of randomness, MACs and secret comparison, in one place.

`secrets` makes, `hmac` derives and binds, `compare_digest` compares. Nothing random happens at import, so a
process image cloned by SnapStart or fork cannot repeat itself.
"""

import hashlib
import hmac
import secrets

ENTROPY_BYTES = 16  # 128 bits: RFC 6749 §10.10 wants guessing at most 2^-128 likely


def fresh_entropy() -> bytes:
    """Return 128 unpredictable bits from the operating system."""
    return secrets.token_bytes(ENTROPY_BYTES)


def bind(key: bytes, *fields: str | bytes) -> bytes:
    """Return HMAC-SHA-256 over *fields*, each prefixed by its length so that no two lists collide."""
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for field in fields:
        data = field.encode() if isinstance(field, str) else field
        mac.update(len(data).to_bytes(4) + data)
    return mac.digest()


def equal(one: str, other: str) -> bool:
    """Compare two ASCII strings in time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode("ascii"), other.encode("ascii"))


def jitter() -> float:
    """Return a fraction from 0 up to 1, to spread retries by."""
    return secrets.randbelow(1000) / 1000
