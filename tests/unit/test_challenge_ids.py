"""Challenge ids: what they carry, and everything they refuse to be."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpost.challenge_id import CODE_LENGTHS, MAX_TOKEN_LENGTH, ChallengeId, hour_of
from tests.contract.samples import NOW
from tests.unit.ids import ID, parse
from tests.unit.world import REGION

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
REGIONS = st.from_regex(r"[a-z]{2}(-[a-z]{3,9}){1,2}-[1-9]", fullmatch=True)


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(token: str) -> bytearray:
    return bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))


@given(
    region=REGIONS,
    hours=st.integers(-25, 1),
    code_length=st.sampled_from(CODE_LENGTHS),
    entropy=st.binary(min_size=16, max_size=16),
)
def test_an_id_is_read_as_it_was_written(region: str, hours: int, code_length: int, entropy: bytes) -> None:
    written = ChallengeId(region=region, hour=hour_of(NOW) + hours, code_length=code_length, entropy=entropy)

    assert parse(written.token, region=region) == written


@given(region=REGIONS, entropy=st.binary(min_size=16, max_size=16))
def test_an_id_is_short_and_safe_in_any_text(region: str, entropy: bytes) -> None:
    token = ChallengeId(region=region, hour=hour_of(NOW), code_length=10, entropy=entropy).token

    assert re.fullmatch(r"[A-Za-z0-9_-]{40,80}", token)
    assert len(token) <= MAX_TOKEN_LENGTH


def test_ids_of_real_regions_have_40_to_60_characters() -> None:
    lengths = [len(replace(ID, region=region).token) for region in ("us-east-1", "ap-southeast-4", "us-gov-west-1")]

    assert all(40 <= length <= 60 for length in lengths)


@pytest.mark.parametrize("position", range(len(ID.token)))
def test_a_changed_character_never_names_the_same_challenge(position: int) -> None:
    """A20."""
    for character in ALPHABET + "=+/ .\n\0é１":
        changed = ID.token[:position] + character + ID.token[position + 1 :]
        if changed == ID.token:
            continue
        read = parse(changed)
        assert read is None or (read.token == changed and read.key != ID.key)


NOT_IDS = [
    ID.token[:-1],
    ID.token[1:],
    ID.token + "A",
    ID.token + "=",
    ID.token + "==",
    ID.token + "\n",
    " " + ID.token,
    ID.token.swapcase(),
    ID.token + ID.token,
    "",
    "=",
    "A" * MAX_TOKEN_LENGTH,
    "A" * (MAX_TOKEN_LENGTH + 1),
    "A" * 8000,
    "é" * 40,
    ID.token.replace(ID.token[3], "\u212a"),
    "#pk:=1/../challenge",
]


@pytest.mark.parametrize("text", NOT_IDS)
def test_what_is_not_an_id_is_none(text: str) -> None:
    """A40: nothing but our own canonical text reaches a key."""
    assert parse(text) is None


@pytest.mark.parametrize(("region", "spare_bits"), [("ap-south-1", 0), (REGION, 2), ("ap-southeast-4", 4)])
def test_a_second_spelling_of_the_same_octets_is_no_id(region: str, spare_bits: int) -> None:
    """Unpadded base64 may leave bits over; only zeros are canonical (RFC 4648 §3.5)."""
    token = replace(ID, region=region).token
    last = ALPHABET.index(token[-1])

    twins = [token[:-1] + ALPHABET[last ^ bits] for bits in range(1, 2**spare_bits)]

    assert {bytes(decoded(twin)) for twin in twins} <= {bytes(decoded(token))}
    assert not any(parse(twin, region=region) for twin in twins)
    assert parse(token, region=region)


def test_standard_base64_is_no_id() -> None:
    letters = replace(ID, entropy=b"\xff\xef\xbe" * 5 + b"\xff")
    assert "_" in letters.token

    assert parse(letters.token.replace("_", "/")) is None
    assert parse(letters.token.replace("-", "+").replace("_", "/")) is None
    assert parse(letters.token) == letters


@pytest.mark.parametrize("version", [0, 2, 255])
def test_an_id_of_another_version_is_none(version: int) -> None:
    raw = decoded(ID.token)
    raw[0] = version

    assert parse(encoded(bytes(raw))) is None


@pytest.mark.parametrize("length", [0, 1, 5, 11, 255])
def test_an_id_with_a_code_length_that_no_code_has_is_none(length: int) -> None:
    raw = decoded(ID.token)
    raw[1] = length

    assert parse(encoded(bytes(raw))) is None


@pytest.mark.parametrize("length", [0, 11, 13, 255])
def test_an_id_that_lies_about_the_length_of_its_region_is_none(length: int) -> None:
    raw = decoded(ID.token)
    raw[6] = length

    assert parse(encoded(bytes(raw))) is None


def test_an_id_with_a_region_beyond_ascii_is_none() -> None:
    raw = decoded(ID.token)
    raw[7] = 0xE9

    assert parse(encoded(bytes(raw))) is None


@pytest.mark.parametrize("kept", [*range(7), 7, 18, 33, 34])
def test_an_id_that_was_cut_short_is_none(kept: int) -> None:
    assert parse(encoded(bytes(decoded(ID.token)[:kept]))) is None


def test_the_table_key_is_the_sha_256_of_the_token() -> None:
    """A14, A20: the table does not hold the id."""
    assert ID.key == hashlib.sha256(ID.token.encode()).hexdigest()
    assert ID.token not in ID.key


def test_the_entropy_does_not_print() -> None:
    """A15."""
    shown = repr(ID) + str(ID)

    assert ID.token not in shown
    assert ID.entropy.hex() not in shown
    assert repr(ID.entropy) not in shown


@given(st.binary(max_size=100))
def test_any_octets_are_an_id_or_none(raw: bytes) -> None:
    """A39."""
    token = encoded(raw)

    read = parse(token)

    assert read is None or read.token == token


@given(st.text(max_size=200))
def test_any_text_is_an_id_or_none(text: str) -> None:
    read = parse(text)

    assert read is None or read.token == text
