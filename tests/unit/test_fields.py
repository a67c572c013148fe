"""How each member of a request is read."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpost import fields
from otpost.address import EmailAddress
from otpost.code import Code
from otpost.errors import InvalidRequest, InvalidValue
from tests.unit.ids import ID
from tests.unit.malformed_codes import NOT_CODES
from tests.unit.world import POLICY

type Read = Callable[[object], object]

TEXT_MEMBERS: dict[str, Read] = {
    "email": fields.email,
    "purpose": fields.purpose,
    "a purpose to issue for": fields.one_of(POLICY.purposes),
    "locale": fields.locale,
    "nonce": fields.nonce,
    "challenge_id": fields.challenge_id,
    "code": fields.code,
}
OTHER_TYPES = [None, True, False, 0, 12345, 123456, 12345.6, float("inf"), [], ["123456"], {}, {"code": "123456"}]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("value", OTHER_TYPES, ids=repr)
@pytest.mark.parametrize("read", TEXT_MEMBERS.values(), ids=TEXT_MEMBERS.keys())
def test_only_a_string_is_taken_for_text(read: Read, value: object) -> None:
    """A35: a numeric code has lost its leading zeros."""
    with pytest.raises(InvalidValue):
        read(value)


@pytest.mark.parametrize("value", ["\ud800", "ada@example.com\udfff", "12345\ud835"], ids=ascii)
@pytest.mark.parametrize("read", TEXT_MEMBERS.values(), ids=TEXT_MEMBERS.keys())
def test_lone_surrogates_are_refused(read: Read, value: str) -> None:
    """A37."""
    with pytest.raises(InvalidValue) as refusal:
        read(value)

    str(refusal.value).encode()


@given(value=VALUES)
@pytest.mark.parametrize(
    "read",
    [*TEXT_MEMBERS.values(), fields.transaction, fields.client],
    ids=[*TEXT_MEMBERS.keys(), "transaction", "client"],
)
def test_any_json_is_read_or_refused(read: Read, value: object) -> None:
    """A35, A37: no value breaks a reader."""
    try:
        read(value)
    except (InvalidValue, InvalidRequest):
        return


@pytest.mark.parametrize("text", NOT_CODES.values(), ids=NOT_CODES.keys())
def test_what_is_no_code_is_a_flaw_that_does_not_repeat_it(text: str) -> None:
    """A36, A58: refused before anything is spent."""
    with pytest.raises(InvalidValue) as refusal:
        fields.code(text)

    assert not text.strip(" -") or text not in str(refusal.value)


def test_a_code_is_read_with_separators() -> None:
    assert fields.code("012-345 ") == Code("012345")


@pytest.mark.parametrize("digits", ["12345678", "1234567", "1234567890"])
def test_a_code_of_another_length_is_a_flaw(digits: str) -> None:
    """A35: it can only be a slip, so it spends nothing."""
    with pytest.raises(InvalidRequest) as refusal:
        fields.check_length(Code(digits), ID)

    (flaw,) = refusal.value.flaws
    assert (flaw.where, flaw.detail) == ("#/code", "The code of this challenge has 6 digits.")


def test_a_code_of_the_right_length_is_none() -> None:
    fields.check_length(Code("012345"), ID)


def test_an_email_is_read_as_an_address() -> None:
    assert fields.email("Ada@Example.com") == EmailAddress(local="Ada", domain="example.com")


@pytest.mark.parametrize("value", ["ada@example.com,eve@example.com", "é@example.com", " ada@example.com"])
def test_what_is_no_address_is_a_flaw(value: str) -> None:
    """A31, A33."""
    with pytest.raises(InvalidValue):
        fields.email(value)


@pytest.mark.parametrize("value", ["sign_in", "verify_email", "recovery", "transaction", "x", "a1_", "a" * 32])
def test_any_well_formed_purpose_may_be_guessed_for(value: str) -> None:
    assert fields.purpose(value) == value


@pytest.mark.parametrize(
    "value", ["", "Sign_in", "sign-in", "1a", "_a", "sign_in\n", " sign_in", "a" * 33, "sıgn_in", "a#b", "é"]
)
def test_a_malformed_purpose_is_a_flaw(value: str) -> None:
    """A40."""
    with pytest.raises(InvalidValue):
        fields.purpose(value)


def test_only_the_purposes_of_the_policy_are_issued_for() -> None:
    read = fields.one_of(POLICY.purposes)

    assert [read(purpose) for purpose in POLICY.purposes] == list(POLICY.purposes)
    for other in ("wire_transfer", "SIGN_IN", "sign_in ", ""):
        with pytest.raises(InvalidValue, match="recovery, sign_in, transaction, verify_email"):
            read(other)


@pytest.mark.parametrize("value", ["en", "pt-BR", "zh-Hant-TW", "sr-Latn-RS", "de-CH-1996", "x" * 8])
def test_a_language_tag_is_a_locale(value: str) -> None:
    assert fields.locale(value) == value


@pytest.mark.parametrize(
    "value",
    ["", "e", "en_US", "en-", "-en", "en--US", "en-US\n", "ｅｎ", "x" * 9, "a-" * 100 + "b", "../en", "en.UTF-8"],
)
def test_anything_else_is_no_locale(value: str) -> None:
    with pytest.raises(InvalidValue):
        fields.locale(value)


@pytest.mark.parametrize("value", ["n", "!", "~" * 128, "b5f0e3f2-0c4e", "<script>"])
def test_visible_ascii_is_a_nonce(value: str) -> None:
    assert fields.nonce(value) == value


@pytest.mark.parametrize("value", ["", " ", "a b", "n" * 129, "é", "n\n", "n\0", "\x7f"])
def test_anything_else_is_no_nonce(value: str) -> None:
    with pytest.raises(InvalidValue):
        fields.nonce(value)


@pytest.mark.parametrize("value", ["", "x", ID.token, "é", "#/:", "x" * 128])
def test_any_short_text_may_be_an_id(value: str) -> None:
    """A40: whether it names a challenge is decided by the id itself, and the answer is 404."""
    assert fields.challenge_id(value) == value


def test_a_very_long_text_is_no_id() -> None:
    """A39."""
    with pytest.raises(InvalidValue):
        fields.challenge_id("x" * 129)
