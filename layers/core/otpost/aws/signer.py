"""KMS as a `Signer`, and the public half of its key as a JWK."""

import hashlib
from typing import TYPE_CHECKING

from otpost.aws.clients import answering
from otpost.errors import Unavailable
from otpost.receipt import base64url

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_COORDINATE = 32  # octets of a P-256 coordinate


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
    """Return R ‖ S of a DER `SEQUENCE { INTEGER r, INTEGER s }` of a P-256 signature, each 32 octets."""
    r_length = der[3] if len(der) > 3 else 0  # noqa: PLR2004 - 30 len 02 rlen
    r, rest = der[4 : 4 + r_length], der[4 + r_length :]
    s = rest[2:]
    if der[:1] != b"\x30" or der[1] != len(der) - 2 or rest[:1] != b"\x02" or rest[1:2] != bytes((len(s),)):
        raise Unavailable("KMS did not return an ECDSA signature.")
    return b"".join(int.from_bytes(number).to_bytes(_COORDINATE) for number in (r, s))
