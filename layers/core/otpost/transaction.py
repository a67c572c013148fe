"""What a code is asked for: free text pairs, shown in the mail and bound to the code by their hash."""

import hashlib
import json
from collections.abc import Mapping

MAX_PAIRS, MAX_NAME, MAX_VALUE = 10, 64, 256
ABSENT = hashlib.sha256(b"").hexdigest()
"""The hash that binds "no transaction": no canonical JSON text is empty, so none has it."""


def transaction_hash(transaction: Mapping[str, str] | None) -> str:
    """Return the SHA-256 of the canonical form (RFC 8785), in hexadecimal: the order of members does not matter."""
    return ABSENT if transaction is None else hashlib.sha256(canonical(transaction)).hexdigest()


def canonical(members: Mapping[str, str]) -> bytes:
    """Return RFC 8785 for a flat object of strings: names sorted by UTF-16 code units, no white space, raw UTF-8."""
    ordered = dict(sorted(members.items(), key=lambda member: member[0].encode("utf-16-be")))
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":")).encode()
