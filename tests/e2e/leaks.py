"""Finds what must not be there: every secret that a test knows, plain and in the forms in which software writes text.

A code has as few digits as many a number, so plain it counts as a word of its own only; any other secret counts
wherever it stands.
"""

import base64
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote, quote_plus


class Kind(StrEnum):
    """What is secret."""

    CODE = "code"
    RECEIPT = "receipt"
    CHALLENGE_ID = "challenge id"
    ADDRESS = "address"
    KEY = "Idempotency-Key"
    NONCE = "nonce"
    TRANSACTION = "transaction text"


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret found: which kind of it, in which form, and the secret itself, for who reads a failed test."""

    kind: Kind
    form: str
    secret: str


@dataclass(frozen=True, slots=True)
class Told:
    """Every secret of a session, by kind."""

    secrets: dict[Kind, set[str]] = field(default_factory=lambda: defaultdict(set), repr=False)

    def tell(self, kind: Kind, secret: str) -> None:
        """Remember a secret; a text shorter than a code is none, since it stands anywhere."""
        if len(secret) >= _SHORTEST:
            self.secrets[kind].add(secret)

    def __iter__(self) -> Iterator[tuple[Kind, str]]:
        """Yield all of them."""
        return ((kind, secret) for kind, secrets in self.secrets.items() for secret in secrets)


_SHORTEST = 6
_WORD = re.compile(r"(?<![0-9A-Za-z])[0-9]{6,10}(?![0-9A-Za-z])")
_HASHES = ("sha256", "sha1", "md5", "sha512")


class Scanner:
    """Looks for all secrets in one pass over a text: the first characters of each form are the index to it."""

    def __init__(self, told: Told) -> None:
        self.forms = 0
        self._codes = {secret for kind, secret in told if kind is Kind.CODE}
        self._index: dict[str, list[tuple[str, Leak]]] = defaultdict(list)
        for kind, secret in told:
            for form, needle in dict.fromkeys(_forms(kind, secret)):
                self.forms += 1
                self._index[needle[:_SHORTEST]].append((needle, Leak(kind, form, secret)))

    def find(self, text: str, *, allowed: frozenset[Kind] = frozenset()) -> set[Leak]:
        """Return every leak in *text*, but for kinds that are *allowed* in it, whatever their form."""
        found = {Leak(Kind.CODE, "plain", word) for word in _WORD.findall(text) if word in self._codes}
        for each in (text, text.lower()):
            found |= set(self._in(each))
        return {leak for leak in found if leak.kind not in allowed}

    def _in(self, text: str) -> Iterator[Leak]:
        index = self._index
        for at in range(len(text) - _SHORTEST + 1):
            for needle, leak in index.get(text[at : at + _SHORTEST], ()):
                if text.startswith(needle, at):
                    yield leak


def _forms(kind: Kind, secret: str) -> Iterator[tuple[str, str]]:
    """Yield each form of a secret with its name. Hexadecimal and addresses are compared in lower case."""
    data = secret.encode()
    if kind is not Kind.CODE:
        yield "plain", secret.lower() if kind is Kind.ADDRESS else secret
        yield "JSON", json.dumps(secret)[1:-1]
        yield "URL", quote(secret, safe="")
        yield "form", quote_plus(secret)
        yield "reversed", secret[::-1]
    yield from _encoded(data)
    for name in _HASHES:
        if (kind, name) != (Kind.CHALLENGE_ID, "sha256"):  # that is the key of its item, which may be seen
            digest = hashlib.new(name, data).digest()
            yield name, digest.hex()
            yield f"{name} in base64", base64.b64encode(digest).decode().rstrip("=")
            yield f"{name} in base64url", base64.urlsafe_b64encode(digest).decode().rstrip("=")
    if kind is Kind.CHALLENGE_ID:
        yield from _encoded(base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4)))
    if kind is Kind.RECEIPT:
        yield from (("a part", part) for part in secret.split(".")[1:])


def _encoded(data: bytes) -> Iterator[tuple[str, str]]:
    yield "hex", data.hex()
    for offset in range(3):  # where a base64 text of more than the secret may have it begin
        whole = base64.b64encode(bytes(offset) + data).decode().rstrip("=")
        inner = whole[-(-offset * 8 // 6) : len(whole) - (1 if (offset + len(data)) % 3 else 0)]
        if len(inner) > _SHORTEST:
            yield "base64", inner
            yield "base64url", inner.replace("+", "-").replace("/", "_")
