"""KMS as a `Signer`, and the public half of its key as a JWK."""

import hashlib
from typing import TYPE_CHECKING

from otpost.aws.clients import answering
from otpost.errors import Unavailable
from otpost.receipt import base64url

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_COORDINATE = 32  # octets of a P-256 coordinate
_LIMIT = 1 << 8 * _COORDINATE


class KmsSigner:
    """Signs with an ECC_NIST_P256 key of KMS. The `kid` is derived from the ARN, so that signing needs no look-up."""

    def __init__(self, client: "KMSClient", key_arn: str) -> None:
        self._client = client
        self._key_arn = key_arn
        self.key_id = base64url(hashlib.sha256(key_arn.encode()).digest()[:12])

    def sign(self, data: bytes) -> bytes:
        """See Signer. RAW, so that KMS hashes; its answer is DER (RFC 3279 §2.2.3), JWS wants R ‖ S."""
        with answering("KMS"):
            signature = self._client.sign(
                KeyId=self._key_arn, Message=data, MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256"
            )["Signature"]
        return raw_signature(signature)

    def public_jwk(self) -> dict[str, str]:
        """Return the public key as RFC 7517 has it."""
        with answering("KMS"):
            spki = self._client.get_public_key(KeyId=self._key_arn)["PublicKey"]
        point = spki[
            -2 * _COORDINATE - 1 :
        ]  # a P-256 SubjectPublicKeyInfo ends in the point: 04 ‖ X ‖ Y (RFC 5480 §2.2)
        if len(point) != 2 * _COORDINATE + 1 or point[0] != 4:  # noqa: PLR2004 - the mark of an uncompressed point
            raise Unavailable("KMS did not return an uncompressed P-256 key.")
        return {
            "kty": "EC",
            "crv": "P-256",
            "use": "sig",
            "alg": "ES256",
            "kid": self.key_id,
            "x": base64url(point[1 : _COORDINATE + 1]),
            "y": base64url(point[_COORDINATE + 1 :]),
        }


def raw_signature(der: bytes) -> bytes:
    """Return R ‖ S of a DER `SEQUENCE { INTEGER r, INTEGER s }` of a P-256 signature, each 32 octets.

    Raises Unavailable for anything else: what is read is written again, and DER writes it in one way only.
    """
    end_of_r = 4 + (der[3] if len(der) > 3 else 0)  # noqa: PLR2004 - 30 len 02 rlen
    r, s = int.from_bytes(der[4:end_of_r]), int.from_bytes(der[end_of_r + 2 :])
    if not (0 < r < _LIMIT and 0 < s < _LIMIT) or der != _der(r, s):
        raise Unavailable("KMS did not return an ECDSA signature.")
    return r.to_bytes(_COORDINATE) + s.to_bytes(_COORDINATE)


def _der(*numbers: int) -> bytes:
    """Encode positive numbers, each with room for its sign bit (X.690 §8.3)."""
    integers = [number.to_bytes(number.bit_length() // 8 + 1) for number in numbers]
    content = b"".join(b"\x02" + bytes((len(integer),)) + integer for integer in integers)
    return b"\x30" + bytes((len(content),)) + content
