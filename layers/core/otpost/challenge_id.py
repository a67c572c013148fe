"""Challenge ids: bearer values that say where, when and with which key a challenge was made.

The id carries what a verification needs before it may touch anything: the version (which names the CodeKey), the
home Region, the hour of issue and the code's length, then 128 bits that nobody can guess. The table is keyed by the
id's SHA-256, so whoever reads the table holds no id.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

from otpost.crypto import ENTROPY_BYTES

ChallengeKey = NewType("ChallengeKey", str)
"""SHA-256 of a challenge id, in hexadecimal: the key of the table, safe to log."""

VERSION = 1
MAX_TOKEN_LENGTH = 128
OLDEST_HOURS, NEWEST_HOURS = 25, 1
CODE_LENGTHS = range(6, 11)
_HEAD = 7  # version, code length, hour (4 octets), length of the Region
_LETTERS, _FIGURES = "BCDFGHJKMNPQRSTVWXYZ", "23456789"  # no vowels, nothing that reads like another character


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeId:
    """The parsed id. Its entropy never prints; `token` is the text that callers hold."""

    region: str
    hour: int
    code_length: int
    entropy: bytes = field(repr=False)

    @property
    def token(self) -> str:
        """Return the opaque text: base64url without padding, 40 to 60 characters."""
        region = self.region.encode("ascii")
        head = bytes((VERSION, self.code_length)) + self.hour.to_bytes(4) + bytes((len(region),))
        return base64.urlsafe_b64encode(head + region + self.entropy).decode("ascii").rstrip("=")

    @property
    def key(self) -> ChallengeKey:
        """Return the table key of this challenge."""
        return ChallengeKey(hashlib.sha256(self.token.encode("ascii")).hexdigest())

    @classmethod
    def parse(cls, token: str, *, region: str, now: datetime) -> "ChallengeId | None":
        """Read *token*, or return None if it cannot name a challenge of this Region that is alive at *now*.

        An id from more than 25 hours ago or more than one hour ahead is refused here, before any call to AWS.
        """
        parsed = _decode(token)
        if parsed is None or parsed.region != region or parsed.token != token:
            return None
        age = hour_of(now) - parsed.hour
        return parsed if -NEWEST_HOURS <= age <= OLDEST_HOURS else None


def hour_of(now: datetime) -> int:
    """Return the number of whole hours since 1970, the unit of issue hours and hour keys."""
    return int(now.timestamp() // 3600)


def reference_of(key: ChallengeKey) -> str:
    """Return three characters, like KQ7, that name a challenge between people; they open nothing."""
    number, figure = divmod(int(key[:12], 16), len(_FIGURES))
    second, first = divmod(number, len(_LETTERS))
    return _LETTERS[first] + _LETTERS[second % len(_LETTERS)] + _FIGURES[figure]


def _decode(token: str) -> ChallengeId | None:
    if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    if len(raw) < _HEAD or len(raw) != _HEAD + raw[6] + ENTROPY_BYTES:
        return None
    if raw[0] != VERSION or raw[1] not in CODE_LENGTHS:
        return None
    region = raw[_HEAD : _HEAD + raw[6]]
    if not region.isascii():
        return None
    return ChallengeId(
        region=region.decode("ascii"),
        hour=int.from_bytes(raw[2:6]),
        code_length=raw[1],
        entropy=raw[-ENTROPY_BYTES:],
    )
