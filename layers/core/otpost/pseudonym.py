"""Names for people and networks that tell a reader of the tables nothing without the IdentityKey."""

from dataclasses import dataclass, field

from otpost import crypto
from otpost.address import EmailAddress, IdentityCase
from otpost.window import source_network


@dataclass(frozen=True, slots=True, kw_only=True)
class Pseudonyms:
    """Makes pseudonyms: HMAC-SHA-256 in hexadecimal, each kind under a label of its own."""

    key: bytes = field(repr=False)
    case: IdentityCase

    def identity(self, address: EmailAddress) -> str:
        """Return the stable name of the identity behind *address*: the `sub` of receipts, the key of its streak."""
        return self._name("identity", address.identity(self.case))

    def window(self, address: EmailAddress) -> str:
        """Return the name of the abuse window that all aliases of *address* share."""
        return self._name("window", address.folded())

    def source(self, ip: str | None) -> str | None:
        """Return the name of the network of *ip*, or None if there is none to count by."""
        network = source_network(ip) if ip else None
        return self._name("source", network) if network else None

    def repeated(self, *fields: str) -> bytes:
        """Return the 128 bits of a challenge id that the same request gets again."""
        return crypto.bind(self.key, "repeated", *fields)[: crypto.ENTROPY_BYTES]

    def _name(self, label: str, text: str) -> str:
        return crypto.bind(self.key, label, text).hex()
