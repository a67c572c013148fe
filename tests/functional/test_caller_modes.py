"""Who is counted: the connection in browser mode, what a signed backend says in backend mode, never a header."""

import json
from typing import Any

import pytest
import time_machine

from otpost.settings import CallerMode
from tests.backends.account import CHALLENGES, Account
from tests.functional.events import IAM
from tests.functional.stack import CANCEL, ISSUE, RESEND, STATUS, VERIFY, Response, Stack, opened_mail
from tests.unit.policy_json import RAW

TIGHT = json.dumps(RAW | {"windows": RAW["windows"] | {"source_hour": 2}})
SPOOFED = {
    "x-forwarded-for": "203.0.113.99, 192.0.2.10",
    "x-real-ip": "203.0.113.99",
    "forwarded": "for=203.0.113.99;host=evil.example;proto=http",
    "cf-connecting-ip": "203.0.113.99",
    "true-client-ip": "203.0.113.99",
    "x-forwarded-host": "evil.example",
    "host": "evil.example",
    "origin": "https://evil.example",
    "referer": "https://evil.example/",
}


@pytest.fixture(scope="module")
def _tight(_account: Account) -> dict[CallerMode, Stack]:
    return {mode: Stack(_account, mode, POLICY=TIGHT) for mode in CallerMode}


@pytest.fixture
def tight(account: Account, clock: time_machine.Traveller, _tight: dict[CallerMode, Stack]) -> Stack:
    """Return the functions in browser mode, with two mails an hour for a source."""
    return _tight[CallerMode.BROWSER]


@pytest.fixture
def tight_backend(account: Account, clock: time_machine.Traveller, _tight: dict[CallerMode, Stack]) -> Stack:
    """Return the functions in backend mode, with two mails an hour for a source."""
    return _tight[CallerMode.BACKEND]


def issue(stack: Stack, number: int, client: object = None, **event: Any) -> Response:
    """Issue for an address of its own."""
    members = {"email": f"a{number}@example.com", "purpose": "sign_in"} | ({"client": client} if client else {})
    return stack.post(ISSUE, members, **event)


def limits(answers: list[Response]) -> list[str | None]:
    """Return which limit refused each."""
    return [answer.body.get("limit") for answer in answers]


def windows(account: Account) -> set[str]:
    """Return the keys of all source windows."""
    return {item["pk"]["S"] for item in account.items(CHALLENGES) if item["pk"]["S"].startswith("source#")}


def test_a_browser_is_counted_by_the_network_of_its_connection(tight: Stack) -> None:
    """A7, A42."""
    addresses = ["192.0.2.1", "192.0.2.200", "192.0.2.3", "198.51.100.1"]

    answers = [issue(tight, number, source_ip=ip) for number, ip in enumerate(addresses)]

    assert limits(answers) == [None, None, "source_hour", None]


def test_addresses_of_one_64_share_a_budget(tight: Stack) -> None:
    """A42."""
    addresses = ["2001:db8:0:1::1", "2001:db8:0:1:ffff::1", "2001:db8:0:1:2:3:4:5", "2001:db8:0:2::1"]

    answers = [issue(tight, number, source_ip=ip) for number, ip in enumerate(addresses)]

    assert limits(answers) == [None, None, "source_hour", None]


def test_headers_change_neither_the_source_nor_anything_else(tight: Stack) -> None:
    """A41, A25."""
    answers = [issue(tight, 0), issue(tight, 1, headers=SPOOFED), issue(tight, 2, headers=SPOOFED)]

    assert limits(answers) == [None, None, "source_hour"]
    assert len(windows(tight.account)) == 1


def test_a_mail_names_the_configured_origin_only(tight: Stack) -> None:
    """A25."""
    issued = issue(tight, 0, headers=SPOOFED)
    tight.deliver(issued.body["challenge_id"])

    mail = tight.account.mails()[0]
    assert b"evil" not in mail.mime
    assert b"203.0.113" not in mail.mime
    text = opened_mail(mail).get_body(("plain",))
    assert text is not None
    assert "https://app.example" in text.get_content()


@pytest.mark.parametrize("route", [ISSUE, VERIFY, RESEND, STATUS, CANCEL])
def test_a_browser_may_not_say_who_it_is(stack: Stack, route: str) -> None:
    members = {
        ISSUE: {"email": "ada@example.com", "purpose": "sign_in"},
        VERIFY: {"challenge_id": "x", "code": "123456", "purpose": "sign_in"},
    }.get(route, {"challenge_id": "x"})

    answer = stack.post(route, members | {"client": {"ip": "203.0.113.99"}})

    assert answer.outcome == (400, "invalid_request")
    assert [flaw["pointer"] for flaw in answer.body["errors"]] == ["#/client"]
    assert stack.account.items() == []


def test_a_backend_is_counted_by_what_it_says_of_its_client(tight_backend: Stack) -> None:
    addresses = ["203.0.113.1", "203.0.113.2", "::ffff:203.0.113.3", "198.51.100.1"]

    answers = [
        issue(tight_backend, number, {"ip": ip, "user_agent": "Firefox", "device": "d"}, iam=IAM)
        for number, ip in enumerate(addresses)
    ]

    assert limits(answers) == [None, None, "source_hour", None]


def test_without_a_client_no_source_window_applies(tight_backend: Stack) -> None:
    """A41: the connection is the backend's own, which all of its users share."""
    answers = [issue(tight_backend, number, iam=IAM, headers=SPOOFED) for number in range(5)]

    assert limits(answers) == [None] * 5
    assert windows(tight_backend.account) == set()


def test_a_resend_is_counted_by_its_client_too(tight_backend: Stack, clock: time_machine.Traveller) -> None:
    client = {"ip": "203.0.113.1"}
    challenge_id = issue(tight_backend, 0, client, iam=IAM).body["challenge_id"]
    clock.shift(30)
    issue(tight_backend, 1, client, iam=IAM)

    refused = tight_backend.post(RESEND, {"challenge_id": challenge_id, "client": client}, iam=IAM)
    without = tight_backend.post(RESEND, {"challenge_id": challenge_id}, iam=IAM)

    assert limits([refused, without]) == ["source_hour", None]


def test_what_a_backend_says_is_neither_stored_in_clear_nor_mailed(backend: Stack) -> None:
    client = {"ip": "203.0.113.77", "user_agent": "A rare browser", "device": "my-device"}
    issued = issue(backend, 0, client, iam=IAM)
    backend.deliver(issued.body["challenge_id"])

    at_rest = json.dumps(backend.account.items(), default=repr)
    told = backend.account.mails()[0].mime.decode() + backend.tape.getvalue()
    assert not [said for said in client.values() if said in at_rest + told]


def test_a_key_belongs_to_the_role_that_signed_not_to_its_session(backend: Stack) -> None:
    """Two roles that pick the same key do not see each other's challenges."""
    session_2 = IAM | {"userId": "AROAIOSFODNN7EXAMPLE:backend-2", "callerId": "AROAIOSFODNN7EXAMPLE:backend-2"}
    other_role = IAM | {"userId": "AROAOTHERROLE7EXAMPL:backend-1"}
    other_account = IAM | {"accountId": "210987654321"}

    first, second = (issue(backend, 0, key="k" * 16, iam=iam) for iam in (IAM, session_2))
    others = [issue(backend, 0, key="k" * 16, iam=iam) for iam in (other_role, other_account)]

    assert first.text == second.text
    assert limits(others) == ["address_interval"] * 2
