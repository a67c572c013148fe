"""Codes: how they are derived, read, compared, and that they do not print."""

import hashlib
import hmac
from collections.abc import Callable, Collection
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpost.challenge_id import ChallengeId
from otpost.code import Code, derive_code
from otpost.transaction import ABSENT, transaction_hash
from tests.unit import many_codes
from tests.unit.chi_squared import probability
from tests.unit.malformed_codes import NOT_CODES
from tests.unit.world import REGION

KEY = many_codes.HOUR_KEY
ID = ChallengeId(region=REGION, hour=491_625, code_length=10, entropy=bytes(range(16)))


def derive(challenge_id: ChallengeId = ID, *, key: bytes = KEY, purpose: str = "sign_in", bound: str = ABSENT) -> str:
    return derive_code(key, challenge_id, purpose=purpose, transaction_hash=bound).digits


def test_a_code_is_what_the_design_says_it_is() -> None:
    """A14: HMAC-SHA-256 over length-prefixed fields, the first 128 bits modulo 10^n."""
    fields = (b"code", ID.token.encode(), b"sign_in", ABSENT.encode())
    message = b"".join(len(field).to_bytes(4) + field for field in fields)
    mac = hmac.digest(KEY, message, hashlib.sha256)

    assert derive() == f"{int.from_bytes(mac[:16]) % 10**10:010d}"


def test_a_code_is_the_same_every_time() -> None:
    assert derive() == derive()


@pytest.mark.parametrize(
    "other",
    [
        lambda: derive(replace(ID, entropy=bytes(16))),
        lambda: derive(replace(ID, hour=ID.hour + 1)),
        lambda: derive(replace(ID, region="us-east-1")),
        lambda: derive(purpose="transaction"),
        lambda: derive(bound=transaction_hash({})),
        lambda: derive(bound=transaction_hash({"payee": "Eve"})),
        lambda: derive(key=b"another hour's key of 32 octets."),
        lambda: derive(purpose="sign_i", bound="n" + ABSENT),
    ],
)
def test_a_code_depends_on_each_thing_it_is_bound_to(other: Callable[[], str]) -> None:
    """A18, A24."""
    assert other() != derive()


def test_codes_of_one_id_at_two_lengths_are_not_each_others_endings() -> None:
    assert not derive().endswith(derive(replace(ID, code_length=6)))


@pytest.mark.parametrize("length", range(6, 11))
def test_leading_zeros_are_kept(length: int) -> None:
    codes = [derive(replace(ID, code_length=length, entropy=n.to_bytes(16))) for n in range(300)]

    assert {len(code) for code in codes} == {length}
    assert any(code.startswith("0") for code in codes)


def test_a_million_codes_are_uniform() -> None:
    """A12: χ² over all codes, over both halves, over every digit."""
    codes = many_codes.counted(1_000_000)

    assert sum(codes) == 1_000_000
    assert fair(codes)
    for half in (
        [sum(codes[first : first + 1000]) for first in range(0, 1_000_000, 1000)],
        [sum(codes[last::1000]) for last in range(1000)],
    ):
        assert fair(half)
        assert fair([sum(half[first : first + 100]) for first in range(0, 1000, 100)])
        assert fair([sum(sum(half[at : at + 10]) for at in range(10 * digit, 1000, 100)) for digit in range(10)])
        assert fair([sum(half[last::10]) for last in range(10)])


def fair(counts: Collection[int]) -> bool:
    """Say whether chance explains *counts*: neither too uneven nor too even."""
    return 1e-6 < probability(counts) < 1 - 1e-6


@pytest.mark.parametrize(
    "counts", [[2000] * 5 + [1000] * 5, [1000] * 9 + [1300], [1000 + (number % 10) * 20 for number in range(1000)]]
)
def test_the_test_of_uniformity_finds_what_is_not_uniform(counts: list[int]) -> None:
    assert probability(counts) < 1e-6


@pytest.mark.parametrize("digits", ["123456", "000000", "0123456789", "1234567", "12345678", "123456789"])
def test_six_to_ten_digits_are_a_code(digits: str) -> None:
    assert Code.parse(digits) == Code(digits)


@pytest.mark.parametrize(
    "text", ["123 456", "123-456", " 123456 ", "1 2 3 4 5 6", "12-34-56", "--123456--", "123 - 456", "-123456"]
)
def test_spaces_and_hyphens_between_digits_are_ignored(text: str) -> None:
    assert Code.parse(text) == Code("123456")


@pytest.mark.parametrize("text", NOT_CODES.values(), ids=NOT_CODES.keys())
def test_only_ascii_digits_are_a_code(text: str) -> None:
    """A36."""
    assert Code.parse(text) is None


@given(st.text(max_size=30))
def test_any_text_is_ascii_digits_or_no_code(text: str) -> None:
    """A36, A39."""
    code = Code.parse(text)

    assert code is None or (code.digits.isascii() and code.digits.isdigit() and 6 <= len(code.digits) <= 10)


@pytest.mark.parametrize("text", ["1" * 8000, "-" * 8000, " 1" * 4000, "1" * 9 + "-" * 8000 + "x"])
def test_a_very_long_text_is_no_code(text: str) -> None:
    """A39."""
    assert Code.parse(text) is None


@given(st.from_regex(r"[0-9]{6,10}", fullmatch=True), st.from_regex(r"[0-9]{6,10}", fullmatch=True))
def test_only_the_same_digits_match(one: str, other: str) -> None:
    assert Code(one).matches(Code(one))
    assert Code(one).matches(Code(other)) is (one == other)


@pytest.mark.parametrize("other", ["123457", "023456", "12345", "1234560", "0123456"])
def test_a_code_matches_no_other(other: str) -> None:
    assert not Code("123456").matches(Code(other))


def test_a_code_does_not_print() -> None:
    """A15."""
    assert "123456" not in repr(Code("123456"))
    assert "123456" not in f"{Code('123456')} {[Code('123456')]!s}"
