"""CodeKeys, an IdentityKey and a Signer in memory."""

import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from tests.fakes.line import Line

_COORDINATE = 32  # octets of R and of S


class MemoryCodeKeys:
    """Hour keys from a root key, as KMS would make them."""

    def __init__(self, root: bytes = b"code key of the tests") -> None:
        self.line = Line()
        self._root = root

    def hour_key(self, hour: int) -> bytes:
        """See CodeKeys."""
        with self.line.step("hour_key"):
            return hmac.digest(self._root, f"otpost/code/v1/{hour}".encode(), hashlib.sha256)


class MemoryIdentityKey:
    """One key for pseudonyms."""

    def __init__(self, root: bytes = b"identity key of the tests") -> None:
        self.line = Line()
        self._root = root

    def key(self) -> bytes:
        """See IdentityKey."""
        with self.line.step("key"):
            return hmac.digest(self._root, b"otpost/identity/v1", hashlib.sha256)


class MemorySigner:
    """A real P-256 key of its own; ECDSA is randomized, so two signatures of one text differ."""

    def __init__(self, key_id: str = "key-of-the-tests") -> None:
        self.line = Line()
        self._key_id = key_id
        self._private_key = generate_private_key(SECP256R1())

    @property
    def key_id(self) -> str:
        """See Signer."""
        return self._key_id

    @property
    def public_key(self) -> EllipticCurvePublicKey:
        """Return what a relying party verifies with."""
        return self._private_key.public_key()

    def sign(self, data: bytes) -> bytes:
        """See Signer."""
        with self.line.step("sign"):
            r, s = decode_dss_signature(self._private_key.sign(data, ECDSA(SHA256())))
            return r.to_bytes(_COORDINATE) + s.to_bytes(_COORDINATE)
