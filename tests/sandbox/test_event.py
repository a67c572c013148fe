"""Events are payload format 2.0, member by member."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from otpost_tools.sandbox.event import HttpRequest, build

GOLDEN = Path(__file__).with_name("golden")
REQUEST = HttpRequest(
    method="POST",
    path="/v1/challenges",
    query="",
    headers=(
        ("Host", "127.0.0.1:8000"),
        ("User-Agent", "curl/8.5.0"),
        ("Accept", "*/*"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("Content-Length", "13"),
        ("X-Twice", "one"),
        ("Connection", "keep-alive"),
        ("x-twice", "two"),
    ),
    body=b'{"email":"a"}',
    source_ip="127.0.0.1",
    port=8000,
    received_at=datetime(2026, 11, 24, 5, 6, 7, 891000, UTC),
    request_id="JKJaXmPLvHcESHA=",
    trace="Root=1-65f00000-0123456789abcdef01234567",
)


def event(**changes: Any) -> dict[str, Any]:
    return build(replace(REQUEST, **changes), route_key="POST /v1/challenges", caller=None)


def golden(name: str) -> Any:
    return json.loads((GOLDEN / name).read_text("utf-8"))


def test_post_is_the_golden_event() -> None:
    built = event()
    assert built == golden("post.json")
    assert list(built) == list(golden("post.json"))


def test_get_with_query_and_cookies_is_the_golden_event() -> None:
    headers = (("Host", "127.0.0.1:8000"), ("Cookie", "a=1; b=2"), ("Cookie", "c=3"))
    changed = replace(REQUEST, method="GET", query="p=1&p=2&q=%C3%A4+b&empty", headers=headers, body=b"")
    assert build(changed, route_key="GET /v1/challenges", caller=None) == golden("get.json")


def test_absent_members_are_absent_and_not_null() -> None:
    built = event(body=b"")
    assert {"cookies", "queryStringParameters", "pathParameters", "stageVariables", "body"}.isdisjoint(built)
    assert built["isBase64Encoded"] is False


def test_signed_request_names_its_caller() -> None:
    caller = {"accessKey": "K", "userArn": "arn:aws:iam::123456789012:user/u"}
    built = build(REQUEST, route_key="POST /v1/challenges", caller=caller)
    assert built["requestContext"]["authorizer"] == {"iam": caller}


def test_claimed_origin_is_kept_before_the_address_that_was_seen() -> None:
    built = event(headers=(("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-For", "7.7.7.7")))
    assert built["headers"]["x-forwarded-for"] == "6.6.6.6,7.7.7.7, 127.0.0.1"
    assert built["requestContext"]["http"]["sourceIp"] == "127.0.0.1"


def test_request_ids_differ() -> None:
    members = {name: getattr(REQUEST, name) for name in HttpRequest.__slots__ if name not in {"request_id", "trace"}}
    assert len({HttpRequest(**members).request_id for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("application/json", "ä".encode(), ("ä", False)),
        ("Application/JSON;charset=utf-8", b"{}", ("{}", False)),
        ("text/plain", b"t", ("t", False)),
        ("application/xml", b"<a/>", ("<a/>", False)),
        ("application/x-www-form-urlencoded", b"a=1", ("YT0x", True)),
        ("application/problem+json", b"{}", ("e30=", True)),
        ("application/octet-stream", b"\xff", ("/w==", True)),
        ("application/json", b"\xff", ("/w==", True)),
        (None, b"{}", ("e30=", True)),
    ],
)
def test_content_type_and_encoding_decide_how_a_body_travels(
    kind: str | None, body: bytes, expected: tuple[str, bool]
) -> None:
    headers = () if kind is None else (("Content-Type", kind),)
    built = event(headers=headers, body=body)
    assert (built["body"], built["isBase64Encoded"]) == expected


def test_compressed_body_travels_in_base64() -> None:
    built = event(headers=(("Content-Type", "application/json"), ("Content-Encoding", "gzip")), body=b"{}")
    assert (built["body"], built["isBase64Encoded"]) == ("e30=", True)
