"""Codes are derived, never stored: an hour key, the id, the purpose and the transaction give the digits.

So a resend, a redelivery and a second transport carry the same code, and no table, queue, log or backup holds
anything from which a code can be computed.
"""

import re
from dataclasses import dataclass, field

from otpost import crypto
from otpost.challenge_id import ChallengeId

_SEPARATORS = str.maketrans("", "", " -")
_DIGITS = re.compile(r"[0-9]{6,10}")


@dataclass(frozen=True, slots=True)
class Code:
    """The digits of a one-time code. They do not print: read `digits` where they must be shown or sent."""

    digits: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "Code | None":
        """Read what a claimant typed: 6 to 10 ASCII digits, between which spaces and hyphens are ignored."""
        digits = text.translate(_SEPARATORS)
        return cls(digits) if _DIGITS.fullmatch(digits) else None

    def matches(self, guess: "Code") -> bool:
        """Compare in constant time."""
        return crypto.equal(self.digits, guess.digits)


def derive_code(hour_key: bytes, challenge_id: ChallengeId, *, purpose: str, transaction_hash: str) -> Code:
    """Return the one code of *challenge_id* for exactly this purpose and transaction.

    The first 128 bits of the MAC modulo 10^n: the bias is below 2^-94 for ten digits.
    """
    mac = crypto.bind(hour_key, "code", challenge_id.token, purpose, transaction_hash)
    number = int.from_bytes(mac[:16]) % 10**challenge_id.code_length
    return Code(f"{number:0{challenge_id.code_length}d}")


def derive_attempt_id(hour_key: bytes, challenge_id: ChallengeId, guess: Code, *, idempotency_key: str | None) -> bytes:
    """Return what names this attempt: random, or the same again for the same key, challenge and guess.

    A caller that lost the answer repeats the request with its Idempotency-Key and neither burns a second attempt nor
    finds its own success "already used".
    """
    if idempotency_key is None:
        return crypto.fresh_entropy()
    return crypto.bind(hour_key, "attempt", idempotency_key, challenge_id.token, guess.digits)[: crypto.ENTROPY_BYTES]
