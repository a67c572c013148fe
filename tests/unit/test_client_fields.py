"""Where a request comes from, and bodies that only name a challenge."""

import pytest

from otpost import fields
from otpost.errors import InvalidRequest, InvalidValue
from otpost.form import Form
from otpost.request import Request
from otpost.settings import CallerMode
from tests.contract.samples import NOW
from tests.unit.events import event
from tests.unit.ids import ID
from tests.unit.world import REGION


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
