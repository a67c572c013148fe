"""From an event to a request: size first, then strict JSON, and who asks."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpost.errors import BadRequest, BodyTooLarge, InvalidRequest, UnsupportedMediaType
from otpost.fields import email
from otpost.form import Form
from otpost.request import MAX_BODY_OCTETS, Request
from tests.contract.samples import NOW
from tests.unit.events import event

JSON = {"content-type": "application/json"}


def request(*args: Any, **kwargs: Any) -> Request:
    return Request(event=event(*args, **kwargs), now=NOW)


def test_the_members_of_a_body_are_read() -> None:
    assert request({"email": "ada@example.com", "n": 1, "ü": None}).members() == {
        "email": "ada@example.com",
        "n": 1,
        "ü": None,
    }


def test_an_empty_object_has_no_members() -> None:
    assert request({}).members() == {}


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        'application/json; charset="utf-8"',
        " application/json ; charset = utf-8 ",
    ],
)
def test_json_in_utf_8_is_taken(kind: str) -> None:
    """A38."""
    assert request({"a": "é"}, headers={"content-type": kind}).members() == {"a": "é"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": ""},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/jsonp"},
        {"content-type": "application/json-patch+json"},
        {"content-type": "application/problem+json"},
        {"content-type": "text/json"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "application/json; charset=iso-8859-1"},
        {"content-type": "application/json; charset=utf-8; boundary=x"},
        {"content-type": "application/json, text/plain"},
        {"content-type": "application/json" + " " * 8000 + "x"},
        JSON | {"content-encoding": "gzip"},
        JSON | {"content-encoding": "identity"},
        JSON | {"content-encoding": ""},
    ],
)
def test_anything_else_is_an_unsupported_media_type(headers: dict[str, str]) -> None:
    """A28, A38: a form in another site cannot send JSON without asking first."""
    with pytest.raises(UnsupportedMediaType):
        request({"a": 1}, headers=headers).members()


def test_the_media_type_is_checked_before_the_size() -> None:
    with pytest.raises(UnsupportedMediaType):
        request(raw="x" * 10**6, headers={}).members()


def padded(octets: int) -> str:
    return '{"a":"' + "x" * (octets - 8) + '"}'


def test_a_body_of_8192_octets_is_read() -> None:
    """A37."""
    assert MAX_BODY_OCTETS == 8192
    assert request(raw=padded(MAX_BODY_OCTETS)).members()
    assert request(octets=padded(MAX_BODY_OCTETS).encode()).members()


@pytest.mark.parametrize(
    "sent",
    [
        {"raw": padded(MAX_BODY_OCTETS + 1)},
        {"octets": padded(MAX_BODY_OCTETS + 1).encode()},
        {"raw": "[" * 100_000},
        {"raw": "é" * 4097},
        {"raw": "\ud800" * 20_000},
        {"octets": b"\xff" * 100_000},
        {"raw": "{" + " " * 10**6},
    ],
)
def test_a_larger_body_is_refused_before_it_is_parsed(sent: dict[str, Any]) -> None:
    """A37: size first."""
    with pytest.raises(BodyTooLarge):
        request(**sent).members()


NOT_ONE_OBJECT: dict[str, dict[str, Any]] = {
    "no body": {},
    "an empty body": {"raw": ""},
    "an empty body in base64": {"octets": b""},
    "white space": {"raw": "  \n"},
    "an array": {"raw": "[]"},
    "a string": {"raw": '"a"'},
    "a number": {"raw": "1"},
    "null": {"raw": "null"},
    "true": {"raw": "true"},
    "two objects": {"raw": "{}{}"},
    "an object and more": {"raw": "{} x"},
    "an unfinished object": {"raw": '{"a":'},
    "a trailing comma": {"raw": '{"a":1,}'},
    "a comment": {"raw": '{"a":1}//'},
    "single quotes": {"raw": "{'a':1}"},
    "a bare name": {"raw": "{a:1}"},
    "NaN": {"raw": '{"a":NaN}'},
    "Infinity": {"raw": '{"a":Infinity}'},
    "minus Infinity": {"raw": '{"a":[-Infinity]}'},
    "an integer of 5000 digits": {"raw": '{"a":' + "9" * 5000 + "}"},
    "a duplicate name": {"raw": '{"code":"1","code":"2"}'},
    "a duplicate name by escapes": {"raw": '{"code":"1","\\u0063ode":"2"}'},
    "a duplicate name further in": {"raw": '{"transaction":{"a":"1","a":"2"}}'},
    "a raw control character": {"raw": '{"a":"\x00"}'},
    "a raw line feed in a string": {"raw": '{"a":"\n"}'},
    "8000 nested arrays": {"raw": '{"a":' + "[" * 8000},
    "a lone surrogate": {"raw": '{"a":"\ud800"}'},
    "a byte order mark": {"octets": b'\xef\xbb\xbf{"a":1}'},
    "UTF-16": {"octets": '{"a":1}'.encode("utf-16")},
    "UTF-32": {"octets": '{"a":1}'.encode("utf-32-le")},
    "Latin-1": {"octets": '{"a":"é"}'.encode("latin-1")},
    "overlong UTF-8": {"octets": b'{"a":"\xc0\xaf"}'},
    "a surrogate in UTF-8": {"octets": b'{"a":"\xed\xa0\x80"}'},
    "gzip": {"octets": b"\x1f\x8b\x08\x00{}"},
}


@pytest.mark.parametrize("sent", NOT_ONE_OBJECT.values(), ids=NOT_ONE_OBJECT.keys())
def test_what_is_not_one_plain_object_is_refused(sent: dict[str, Any]) -> None:
    """A37, A38."""
    with pytest.raises(InvalidRequest) as refusal:
        request(**sent).members()

    assert [flaw.where for flaw in refusal.value.flaws] == ["#"]


@pytest.mark.parametrize("body", ["{}", "e30", "e30=\n", "e30==", "é", "\ud800", "e30-_"])
def test_base64_that_is_none_is_refused(body: str) -> None:
    """A38."""
    made = event({}) | {"body": body, "isBase64Encoded": True}

    with pytest.raises(InvalidRequest):
        Request(event=made, now=NOW).members()


@given(st.text(max_size=300))
def test_any_text_is_read_or_a_bad_request(text: str) -> None:
    """A37: no text breaks the parser."""
    try:
        members = request(raw=text).members()
    except BadRequest:
        return
    assert members == json.loads(text)


@given(st.binary(max_size=300))
def test_any_octets_are_read_or_a_bad_request(octets: bytes) -> None:
    """A37, A38."""
    try:
        members = request(octets=octets).members()
    except BadRequest:
        return
    assert isinstance(members, dict)


NESTED = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=10), NESTED, max_size=5))
def test_any_json_object_is_read_as_it_is(members: dict[str, Any]) -> None:
    assert request(raw=json.dumps(members)).members() == members
    assert request(octets=json.dumps(members).encode()).members() == members


@pytest.mark.parametrize(
    "raw",
    ['{"email":' + "[" * 4000 + "]" * 4000 + "}", '{"email":' + '{"a":' * 1300 + "1" + "}" * 1301, '{"email":1e400}'],
    ids=["arrays", "objects", "a number beyond all numbers"],
)
def test_what_the_parser_lets_through_no_member_takes(raw: str) -> None:
    """A35, A37: 8 KB cannot nest deep enough to break the parser; then the member refuses."""
    form = Form(request(raw=raw).members())
    form.required("email", email)

    with pytest.raises(InvalidRequest) as refusal:
        form.check()

    assert [flaw.where for flaw in refusal.value.flaws] == ["#/email"]


@pytest.mark.parametrize("key", ["k" * 16, "k" * 128, "b5f0e3f2-0c4e-4d6f-9f55-7f1f0d0c8a11", "!~" * 8])
def test_visible_ascii_is_an_idempotency_key(key: str) -> None:
    assert request({}, headers=JSON | {"idempotency-key": key}).idempotency_key == key


def test_no_idempotency_key_is_none() -> None:
    assert request({}).idempotency_key is None


@pytest.mark.parametrize(
    "key",
    [
        "",
        "k" * 15,
        "k" * 129,
        "k" * 8000,
        "k k" * 6,
        " " + "k" * 16,
        "k" * 16 + "\n",
        "k" * 16 + "\x7f",
        "é" * 16,
        "k" * 15 + "\0",
        "k" * 15 + "１",
        "k" * 15 + "\u200b",
    ],
)
def test_any_other_idempotency_key_is_refused(key: str) -> None:
    """A45."""
    with pytest.raises(InvalidRequest) as refusal:
        _ = request({}, headers=JSON | {"idempotency-key": key}).idempotency_key

    assert [flaw.where for flaw in refusal.value.flaws] == ["Idempotency-Key"]
    assert len(key) < 15 or key not in refusal.value.flaws[0].detail


def test_the_source_is_the_connection_whatever_headers_say() -> None:
    """A41."""
    spoofed = JSON | dict.fromkeys(("x-forwarded-for", "forwarded", "x-real-ip", "true-client-ip"), "198.51.100.9")

    assert request({}, headers=spoofed, source_ip="192.0.2.1").connection_ip == "192.0.2.1"


def test_the_route_is_the_one_that_was_matched() -> None:
    assert request({}, route="POST /v1/challenges/verify").route == "POST /v1/challenges/verify"


def test_requests_that_nobody_signed_share_one_principal() -> None:
    assert request({}).principal == "anonymous"


@pytest.mark.parametrize(
    ("user_id", "principal"),
    [
        ("AROAEXAMPLE:session-1", "111122223333/AROAEXAMPLE"),
        ("AROAEXAMPLE:session-2", "111122223333/AROAEXAMPLE"),
        ("AROAEXAMPLE:a:b", "111122223333/AROAEXAMPLE"),
        ("AIDAEXAMPLE", "111122223333/AIDAEXAMPLE"),
    ],
)
def test_the_principal_is_the_role_or_user_without_its_session(user_id: str, principal: str) -> None:
    """A retry may run in another session of the same role."""
    assert request({}, iam={"accountId": "111122223333", "userId": user_id}).principal == principal
