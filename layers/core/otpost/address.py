"""Email addresses: what is accepted, who an address is, and which addresses share an abuse window.

No Unicode folding is ever applied (CVE-2019-19844): the local part is ASCII or refused, the domain is IDNA 2008
(RFC 5891) or refused, and nothing is trimmed.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

import idna

from otpost.errors import InvalidAddress

MAX_ADDRESS_OCTETS = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets
MAX_LOCAL_OCTETS = 64  # RFC 5321 §4.5.3.1.1
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_DOT_ATOM = re.compile(rf"{_ATEXT}+(?:\.{_ATEXT}+)*")  # RFC 5322 §3.2.3
_ENCODED_WORD = "=?"  # atext, but a mail reader may decode what follows into another address, or into a header
_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_GMAIL = frozenset({"gmail.com", "googlemail.com"})


class IdentityCase(StrEnum):
    """Whether two local parts that differ only in ASCII case are one identity."""

    EXACT = "exact"
    ASCII_LOWER = "ascii_lower"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailAddress:
    """One mailbox: a dot-atom local part, as given, at a domain in lower-case A-labels."""

    local: str = field(repr=False)
    domain: str = field(repr=False)

    def __str__(self) -> str:
        """Return the address as mail is sent to it."""
        return f"{self.local}@{self.domain}"

    @classmethod
    def parse(cls, text: str) -> "EmailAddress":
        """Read one addr-spec; raise InvalidAddress for anything else, lists and quoted local parts included."""
        if len(text) > MAX_ADDRESS_OCTETS:
            raise InvalidAddress(f"An address has at most {MAX_ADDRESS_OCTETS} octets.")
        local, at, domain = text.rpartition("@")
        if not at:
            raise InvalidAddress("An address has the form local-part@domain.")
        if len(local) > MAX_LOCAL_OCTETS or not _DOT_ATOM.fullmatch(local):
            raise InvalidAddress("The local part must be a dot-atom of at most 64 ASCII characters (RFC 5322 §3.2.3).")
        if _ENCODED_WORD in local:
            raise InvalidAddress("The local part must not hold an encoded word (RFC 2047 §5).")
        address = cls(local=local, domain=_domain(domain))
        if len(str(address)) > MAX_ADDRESS_OCTETS:
            raise InvalidAddress(f"An address has at most {MAX_ADDRESS_OCTETS} octets.")
        return address

    def identity(self, case: IdentityCase) -> str:
        """Return who this is: dots and plus tags count, since two mailboxes must never become one identity."""
        match case:
            case IdentityCase.EXACT:
                return str(self)
            case IdentityCase.ASCII_LOWER:
                return str(self).translate(_ASCII_LOWER)

    def folded(self) -> str:
        """Return the form that shares one abuse window: aliases of a mailbox must not multiply its mail."""
        local = self.local.translate(_ASCII_LOWER)
        local = local.partition("+")[0] or local
        if self.domain in _GMAIL:
            return f"{local.replace('.', '')}@gmail.com"
        return f"{local}@{self.domain}"


def _domain(text: str) -> str:
    try:
        domain = idna.encode(text.translate(_ASCII_LOWER), strict=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError, OverflowError) as error:  # the last: Python's punycode, on a number too large
        raise InvalidAddress("The domain is not a valid internationalized domain name (IDNA 2008).") from error
    labels = domain.split(".")
    if len(labels) < 2 or "" in labels or labels[-1].isdigit():  # noqa: PLR2004 - a bare host name is no mail domain
        raise InvalidAddress("The domain must have at least two labels, the last of which is not a number.")
    return domain
