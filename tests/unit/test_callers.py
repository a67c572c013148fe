"""Who asks, from where, and whether again: what a request says beside its body."""

from typing import Any

import pytest

from otpost.errors import InvalidRequest
from otpost.request import Request
from tests.contract.samples import NOW
from tests.unit.events import event

JSON = {"content-type": "application/json"}


def request(*args: Any, **kwargs: Any) -> Request:
    return Request(event=event(*args, **kwargs), now=NOW)


@pytest.mark.parametrize("key", ["k" * 16, "k" * 128, "b5f0e3f2-0c4e-4d6f-9f55-7f1f0d0c8a11", "!~" * 8])
def test_visible_ascii_is_an_idempotency_key(key: str) -> None:
    assert request({}, headers=JSON | {"idempotency-key": key}).idempotency_key == key


def test_the_name_of_the_idempotency_key_is_read_in_any_case() -> None:
    assert request({}, headers={"Idempotency-Key": "k" * 16}).idempotency_key == "k" * 16


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
