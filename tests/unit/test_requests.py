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
from tests.unit.malformed_bodies import NOT_ONE_OBJECT

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


def test_names_of_headers_are_read_in_any_case() -> None:
    """As `sam local start-api` sends them."""
    assert request({}, headers={"Content-Type": "application/json"}).members() == {}
    with pytest.raises(UnsupportedMediaType):
        request({}, headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}).members()


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
