"""How each member of a request is read."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpost import fields
from otpost.address import EmailAddress
from otpost.code import Code
from otpost.errors import InvalidRequest, InvalidValue
from otpost.form import Form
from otpost.request import Request
from otpost.settings import CallerMode
from tests.contract.samples import NOW
from tests.unit.events import event
from tests.unit.test_challenge_ids import ID
from tests.unit.test_codes import NOT_CODES
from tests.unit.world import PAYMENT, POLICY, REGION

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


TRANSACTIONS: list[dict[str, str]] = [
    {},
    PAYMENT,
    {str(number): "x" for number in range(10)},
    {"n" * 64: "v" * 256},
    {"😀" * 64: "é" * 256},
    {" padded ": "  kept  "},
    {"\u202e": "\u2028\u200b"},
    {"__proto__": "constructor"},
]


@pytest.mark.parametrize("value", TRANSACTIONS, ids=ascii)
def test_a_transaction_is_read_as_it_was_sent(value: dict[str, str]) -> None:
    """A24: nothing is trimmed; only control characters are refused."""
    read = fields.transaction(dict(value))

    assert list(read.items()) == list(value.items())


@pytest.mark.parametrize(
    "value",
    [
        None,
        "payee",
        [],
        [["payee", "x"]],
        1,
        {str(number): "x" for number in range(11)},
        {"n" * 65: "v"},
        {"n": "v" * 257},
        {"": "v"},
        {"n": ""},
        {"n": None},
        {"n": 12},
        {"n": 12.5},
        {"n": True},
        {"n": ["v"]},
        {"n": {"v": "w"}},
        {"n": "a\nb"},
        {"n": "a\r\nBcc: eve@example.com"},
        {"n": "a\tb"},
        {"n\0": "v"},
        {"n": "\x7f"},
        {"n": "\x85"},
        {"n": "\x9f"},
        {"n": "\ud800"},
        {"\ud800": "v"},
    ],
    ids=ascii,
)
def test_anything_else_is_no_transaction(value: Any) -> None:
    """A31, A35."""
    with pytest.raises(InvalidValue):
        fields.transaction(value)


def test_a_client_is_read_in_full_or_with_its_address_alone() -> None:
    full = {"ip": "2001:db8::1", "user_agent": "Mozilla/5.0", "device": "d-1"}

    assert fields.client(full) == fields.Client("2001:db8::1", "Mozilla/5.0", "d-1")
    assert fields.client({"ip": "192.0.2.1"}) == fields.Client("192.0.2.1", None, None)


@pytest.mark.parametrize("text", ["x", "x" * 512])
def test_what_a_client_says_of_itself_has_1_to_512_characters(text: str) -> None:
    told = fields.client({"ip": "192.0.2.1", "user_agent": text, "device": text})

    assert (told.user_agent, told.device) == (text, text)


@pytest.mark.parametrize("value", [None, [], "192.0.2.1", 1])
def test_what_is_no_object_is_no_client(value: object) -> None:
    with pytest.raises(InvalidValue):
        fields.client(value)


@pytest.mark.parametrize(
    ("value", "pointers"),
    [
        ({}, ["#/client/ip"]),
        ({"ip": "x"}, ["#/client/ip"]),
        ({"ip": None}, ["#/client/ip"]),
        ({"ip": "192.0.2.1, 10.0.0.1"}, ["#/client/ip"]),
        ({"ip": "192.0.2.1", "port": 1}, ["#/client/port"]),
        ({"ip": "192.0.2.1", "user_agent": "", "device": 7}, ["#/client/user_agent", "#/client/device"]),
        ({"ip": "192.0.2.1", "user_agent": "x" * 513}, ["#/client/user_agent"]),
        ({"IP": "192.0.2.1"}, ["#/client/ip", "#/client/IP"]),
    ],
)
def test_a_flawed_client_is_reported_by_member(value: dict[str, object], pointers: list[str]) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        fields.client(value)

    assert [flaw.where for flaw in refusal.value.flaws] == pointers


def caller_ip(members: dict[str, object], mode: CallerMode) -> str | None:
    form = Form(members)
    ip = fields.caller_ip(form, Request(event=event(source_ip="192.0.2.1"), now=NOW), mode)
    form.check()
    return ip.maybe


def test_a_browser_comes_from_its_connection() -> None:
    """A41."""
    assert caller_ip({}, CallerMode.BROWSER) == "192.0.2.1"


def test_a_browser_cannot_say_where_it_comes_from() -> None:
    """A41, A45."""
    with pytest.raises(InvalidRequest) as refusal:
        caller_ip({"client": {"ip": "198.51.100.9"}}, CallerMode.BROWSER)

    assert [flaw.where for flaw in refusal.value.flaws] == ["#/client"]


def test_a_backend_says_where_its_user_comes_from() -> None:
    assert caller_ip({"client": {"ip": "198.51.100.9"}}, CallerMode.BACKEND) == "198.51.100.9"


def test_a_backend_that_does_not_say_has_no_source() -> None:
    """The address of the backend itself would make all its users one source."""
    assert caller_ip({}, CallerMode.BACKEND) is None


def named(members: object, mode: CallerMode = CallerMode.BROWSER) -> tuple[object, str | None]:
    return fields.named_challenge(Request(event=event(members), now=NOW), mode, region=REGION)


def test_a_body_may_only_name_a_challenge() -> None:
    assert named({"challenge_id": ID.token}) == (ID, "192.0.2.1")
    assert named({"challenge_id": "no such id"}) == (None, "192.0.2.1")
    assert named({"challenge_id": ID.token, "client": {"ip": "::1"}}, CallerMode.BACKEND) == (ID, "::1")


@pytest.mark.parametrize(
    ("members", "pointers"),
    [
        ({}, ["#/challenge_id"]),
        ({"challenge_id": 1}, ["#/challenge_id"]),
        ({"challenge_id": None}, ["#/challenge_id"]),
        ({"challenge_id": ID.token, "email": "eve@example.com"}, ["#/email"]),
        ({"challenge_id": ID.token, "code": "123456"}, ["#/code"]),
        ({"id": ID.token}, ["#/challenge_id", "#/id"]),
    ],
)
def test_a_body_that_says_more_or_less_is_refused(members: dict[str, object], pointers: list[str]) -> None:
    """A21, A45: a resend takes no address."""
    with pytest.raises(InvalidRequest) as refusal:
        named(members)

    assert [flaw.where for flaw in refusal.value.flaws] == pointers
