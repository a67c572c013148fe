"""Signer: ES256 signatures that anybody can verify with the published key."""

import base64

import jwt
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import example, given
from hypothesis import strategies as st

from otpost.aws import clients
from otpost.aws.signer import KmsSigner, raw_signature
from otpost.errors import Unavailable
from otpost.ports import Signer
from tests.backends import faults
from tests.backends.account import Account
from tests.fakes.keys import MemorySigner

N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256; R and S are from 1 to N - 1."""
integers = st.integers(min_value=1, max_value=N - 1) | st.integers(min_value=1, max_value=70_000)


@pytest.fixture
def kms_signer(account: Account) -> KmsSigner:
    """Return the real signer."""
    return KmsSigner(clients.kms(), account.keys.signing)


@pytest.fixture(params=["memory", "kms"])
def signer(request: pytest.FixtureRequest) -> KmsSigner | MemorySigner:
    """Return a Signer."""
    if request.param == "memory":
        return MemorySigner()
    found: KmsSigner = request.getfixturevalue("kms_signer")
    return found


def public_key(signer: KmsSigner | MemorySigner) -> EllipticCurvePublicKey:
    """Return the key that relying parties verify with."""
    if isinstance(signer, MemorySigner):
        return signer.public_key
    key = jwt.PyJWK(signer.public_jwk()).key
    assert isinstance(key, EllipticCurvePublicKey)
    return key


def verifies(key: EllipticCurvePublicKey, data: bytes, signature: bytes) -> bool:
    """Say whether *signature*, R ‖ S, is one of *data*."""
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    try:
        key.verify(encode_dss_signature(r, s), data, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def test_a_signature_verifies_with_the_public_key_and_for_its_data_only(signer: KmsSigner | MemorySigner) -> None:
    signature = signer.sign(b"header.claims")

    assert verifies(public_key(signer), b"header.claims", signature)
    assert not verifies(public_key(signer), b"header.claimz", signature)


def test_every_signature_has_64_octets_however_short_its_numbers(signer: KmsSigner | MemorySigner) -> None:
    """One in 128 has an R or S of fewer than 32 octets: enough of them to meet one, give or take one run in 10^4."""
    data = [str(number).encode() for number in range(1200)]

    signatures = [signer.sign(one) for one in data]

    assert {len(signature) for signature in signatures} == {64}
    assert any(signature[0] == 0 or signature[32] == 0 for signature in signatures)
    key = public_key(signer)
    assert all(verifies(key, one, signature) for one, signature in zip(data, signatures, strict=True))


def test_the_key_id_stays_and_is_fit_for_a_header(signer: Signer) -> None:
    """A29: a `kid` is a name, never a path."""
    assert signer.key_id == signer.key_id
    assert signer.key_id.replace("-", "").replace("_", "").isalnum()


def test_the_jwk_is_a_signing_key_for_es256_and_nothing_private(kms_signer: KmsSigner) -> None:
    jwk = kms_signer.public_jwk()

    assert jwk.keys() == {"kty", "crv", "use", "alg", "kid", "x", "y"}
    assert (jwk["kty"], jwk["crv"], jwk["use"], jwk["alg"]) == ("EC", "P-256", "sig", "ES256")
    assert jwk["kid"] == kms_signer.key_id
    assert {len(base64.urlsafe_b64decode(jwk[member] + "=")) for member in "xy"} == {32}


def test_kms_hashes_and_the_key_is_named_by_its_arn(account: Account, kms_signer: KmsSigner) -> None:
    kms_signer.sign(b"header.claims")

    asked = account.wire.calls[-1].parameters
    assert asked == {
        "KeyId": account.keys.signing,
        "Message": base64.b64encode(b"header.claims").decode(),
        "MessageType": "RAW",
        "SigningAlgorithm": "ECDSA_SHA_256",
    }


def test_the_key_id_needs_no_call_and_names_the_key(account: Account) -> None:
    with account.wire.watched() as calls:
        one = KmsSigner(clients.kms(), account.keys.signing).key_id
        same = KmsSigner(clients.kms(), account.keys.signing).key_id
        other = KmsSigner(clients.kms(), account.keys.code).key_id

    assert one == same != other
    assert calls == []


@given(integers, integers)
@example(1, 1)
@example(N - 1, N - 1)
@example(1 << 255, (1 << 248) - 1)
def test_der_becomes_r_and_s_side_by_side(r: int, s: int) -> None:
    """RFC 3279 §2.2.3 to RFC 7518 §3.4, against another implementation."""
    der = encode_dss_signature(r, s)

    raw = raw_signature(der)

    assert (int.from_bytes(raw[:32]), int.from_bytes(raw[32:])) == decode_dss_signature(der)
    assert len(raw) == 64


def _reads(der: bytes) -> tuple[int, int] | None:
    try:
        r, s = decode_dss_signature(der)
    except ValueError:
        return None
    fits = 0 < r < 1 << 256 and 0 < s < 1 << 256
    return (r, s) if fits else None


MALFORMED = [
    b"",
    b"0",
    b"00",
    b"0\x00",
    b"0\x02\x02\x00",
    b"0\x06\x02\x01\x01\x02\x01",
    b"0\x06\x02\x01\x00\x02\x01\x01",
]
well_formed = st.builds(encode_dss_signature, integers, integers)
mangled = st.builds(
    lambda der, at, octet: der[: at % len(der)] + bytes((octet,)) + der[at % len(der) + 1 :],
    well_formed,
    st.integers(0, 80),
    st.integers(0, 255),
)
cut = st.builds(lambda der, at: der[: at % len(der)], well_formed, st.integers(0, 80))
longer = st.builds(lambda der, tail: der + tail, well_formed, st.binary(min_size=1, max_size=4))
too_big = st.builds(encode_dss_signature, st.integers(1 << 256, 1 << 300), integers)


@given(st.binary(max_size=80) | mangled | cut | longer | too_big | st.sampled_from(MALFORMED))
def test_what_is_no_signature_is_unavailable(der: bytes) -> None:
    """A57. What another implementation reads as two fitting positive numbers is one, everything else is none."""
    expected = _reads(der)
    if expected is None:
        with pytest.raises(Unavailable):
            raw_signature(der)
    else:
        assert raw_signature(der) == b"".join(number.to_bytes(32) for number in expected)


def test_a_key_that_is_no_p256_point_is_unavailable(account: Account, kms_signer: KmsSigner) -> None:
    for spki in (b"", b"\x00" * 91, b"\x04" * 64, b"\x02" + b"\x01" * 32):
        fault = faults.replied(b'{"PublicKey": "%s"}' % base64.b64encode(spki))
        with account.wire.failing("kms", fault), pytest.raises(Unavailable):
            kms_signer.public_jwk()


def test_the_key_id_has_sixteen_characters(kms_signer: KmsSigner) -> None:
    assert len(kms_signer.key_id) == 16


@pytest.mark.parametrize("beyond", [0, 1 << 256])
def test_r_and_s_each_lie_between_nought_and_what_32_octets_hold(beyond: int) -> None:
    """A57."""
    for r, s in ((beyond, 1), (1, beyond)):
        with pytest.raises(Unavailable):
            raw_signature(encode_dss_signature(r, s))
