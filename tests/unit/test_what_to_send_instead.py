"""Whoever sends something wrong is told what to send instead."""

from collections.abc import Callable

import pytest

from otpost import fields
from otpost.address import EmailAddress
from otpost.errors import InvalidAddress, InvalidRequest, InvalidValue
from otpost.request import Request
from tests.contract.samples import NOW
from tests.unit.events import event
from tests.unit.world import POLICY

ADDRESSES = {
    "a" * 255: "at most 254 octets",
    "ada": "the form local-part@domain",
    "ada@@example.com": "dot-atom of at most 64",
    "=?x@example.com": "must not hold an encoded word",
    "ada@exa_mple.com": "IDNA 2008",
    "ada@example": "at least two labels",
    f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 57}.éé": "at most 254 octets",
}
WRONG: list[tuple[Callable[[object], object], object, str]] = [
    (fields.email, 1, "This must be one email address, as a JSON string."),
    (fields.challenge_id, "x" * 129, "challenge_id of an earlier answer"),
    (fields.client, 1, "an object with the member ip"),
    (fields.transaction, {"a": 1}, "This must be a string, as a JSON string."),
]
WRONG_CLIENTS: list[tuple[dict[str, object], str, str]] = [
    ({"ip": 1}, "ip", "This must be an IPv4 or IPv6 address, as a JSON string."),
    ({"ip": "x"}, "ip", "This must be an IPv4 or IPv6 address."),
    ({"ip": "::1", "device": 1}, "device", "This must be a string, as a JSON string."),
    ({"ip": "::1", "device": ""}, "device", "This must be 1 to 512 characters."),
]


@pytest.mark.parametrize(("text", "told"), ADDRESSES.items())
def test_a_refused_address_is_told_the_rule_that_it_breaks(text: str, told: str) -> None:
    with pytest.raises(InvalidAddress, match=told):
        EmailAddress.parse(text)


@pytest.mark.parametrize(("read", "value", "told"), WRONG)
def test_a_refused_member_is_told_what_it_takes(read: Callable[[object], object], value: object, told: str) -> None:
    with pytest.raises(InvalidValue, match=told):
        read(value)


def test_a_purpose_that_is_no_text_is_told_that_it_must_be_one() -> None:
    with pytest.raises(InvalidValue, match="This must be a purpose, as a JSON string"):
        fields.one_of(POLICY.purposes)(1)


@pytest.mark.parametrize(("client", "member", "told"), WRONG_CLIENTS)
def test_a_refused_member_of_client_is_told_what_it_takes(client: dict[str, object], member: str, told: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        fields.client(client)

    assert [(flaw.where, flaw.detail) for flaw in refusal.value.flaws] == [(f"#/client/{member}", told)]


def test_a_refused_header_is_told_what_it_takes() -> None:
    request = Request(event=event(members={}, headers={"idempotency-key": "short"}), now=NOW)

    with pytest.raises(InvalidRequest) as refusal:
        _ = request.idempotency_key

    assert "16 to 128 visible ASCII" in refusal.value.flaws[0].detail
