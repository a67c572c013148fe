"""Bad input at the HTTP surface: never a 5xx, never an attempt spent, never a mail sent."""

import base64
import json
from collections.abc import Callable

import pytest

from otpost_tools.client import Answer
from tests.e2e.leaks import Kind, Told
from tests.e2e.stories import Story, fresh_address
from tests.sandboxes import Sandbox

JSON = {"Content-Type": "application/json"}


def issue_body(email: str) -> bytes:
    return json.dumps({"email": email, "purpose": "sign_in"}).encode()


type Mangle = Callable[[str, str, str], tuple[bytes, dict[str, str]]]


def members(**changed: object) -> Mangle:
    """A verify request with some members changed; `None` removes one."""

    def mangle(challenge_id: str, code: str, _: str) -> tuple[bytes, dict[str, str]]:
        all_members = {"challenge_id": challenge_id, "code": code, "purpose": "sign_in"} | changed
        return json.dumps({name: value for name, value in all_members.items() if value is not None}).encode(), JSON

    return mangle


def text(template: str) -> Mangle:
    """A verify request as raw text, with the id and the code put in."""
    return lambda challenge_id, code, _: (template.replace("ID", challenge_id).replace("CODE", code).encode(), JSON)


VERIFY_CASES: dict[str, tuple[Mangle, int, str]] = {
    "numeric code (A35)": (
        lambda i, c, _: (f'{{"challenge_id":"{i}","code":{int(c)},"purpose":"sign_in"}}'.encode(), JSON),
        400,
        "invalid_request",
    ),
    "null code (A35)": (text('{"challenge_id":"ID","code":null,"purpose":"sign_in"}'), 400, "invalid_request"),
    "array code (A35)": (members(code=["1"]), 400, "invalid_request"),
    "object code (A35)": (members(code={"$ne": ""}), 400, "invalid_request"),
    "boolean code (A35)": (members(code=True), 400, "invalid_request"),
    "full-width digits (A36)": (members(code="１２３４５６"), 400, "invalid_request"),
    "Arabic-Indic digits (A36)": (members(code="١٢٣٤٥٦"), 400, "invalid_request"),
    "underscores (A36)": (members(code="1_2_3_4_5_6"), 400, "invalid_request"),
    "trailing newline (A36)": (members(code="123456\n"), 400, "invalid_request"),
    "a code of five digits": (members(code="12345"), 400, "invalid_request"),
    "a code of seven digits": (members(code="1234567"), 400, "invalid_request"),
    "a missing code": (members(code=None), 400, "invalid_request"),
    "a missing purpose": (members(purpose=None), 400, "invalid_request"),
    "an unknown member (A45)": (members(attempts=99), 400, "invalid_request"),
    "client in browser mode": (members(client={"ip": "192.0.2.1"}), 400, "invalid_request"),
    "duplicate members (A37)": (
        text('{"challenge_id":"ID","code":"CODE","code":"CODE","purpose":"sign_in"}'),
        400,
        "invalid_request",
    ),
    "NaN (A37)": (text('{"challenge_id":"ID","code":NaN,"purpose":"sign_in"}'), 400, "invalid_request"),
    "a huge number (A37)": (text('{"challenge_id":"ID","code":' + "9" * 5000 + "}"), 400, "invalid_request"),
    "1e400 (A37)": (text('{"challenge_id":"ID","code":1e400,"purpose":"sign_in"}'), 400, "invalid_request"),
    "a lone surrogate (A37)": (
        text('{"challenge_id":"ID","code":"\\ud800","purpose":"sign_in"}'),
        400,
        "invalid_request",
    ),
    "8,000 nested arrays (A37)": (text("[" * 8000), 400, "invalid_request"),
    "100,000 nested arrays (A37)": (text("[" * 100_000), 413, "body_too_large"),
    "a body over 8 KB": (members(purpose="x" * 8192), 413, "body_too_large"),
    "not UTF-8 (A38)": (lambda *_: (b'{"challenge_id":"\xff\xfe"}', JSON), 400, "invalid_request"),
    "UTF-16 (A38)": (lambda i, *_: (f'{{"challenge_id":"{i}"}}'.encode("utf-16"), JSON), 400, "invalid_request"),
    "base64 text (A38)": (
        lambda i, c, _: (base64.b64encode(json.dumps({"challenge_id": i, "code": c}).encode()), JSON),
        400,
        "invalid_request",
    ),
    "no body": (lambda *_: (b"", JSON), 400, "invalid_request"),
    "an array": (text('["ID","CODE"]'), 400, "invalid_request"),
    "a form": (
        lambda i, c, _: (f"challenge_id={i}&code={c}".encode(), {"Content-Type": "application/x-www-form-urlencoded"}),
        415,
        "unsupported_media_type",
    ),
    "another charset": (
        lambda *_: (b"{}", {"Content-Type": "application/json; charset=latin-1"}),
        415,
        "unsupported_media_type",
    ),
    "gzip (A38)": (lambda *_: (b"\x1f\x8b", JSON | {"Content-Encoding": "gzip"}), 415, "unsupported_media_type"),
    "a short Idempotency-Key": (
        lambda i, c, _: (members()(i, c, "")[0], JSON | {"Idempotency-Key": "short"}),
        400,
        "invalid_request",
    ),
    "an unknown id": (members(challenge_id="A" * 47), 404, "unknown_challenge"),
    "a purpose that was not asked for (A18)": (members(purpose="recovery"), 404, "unknown_challenge"),
    "CR LF in the purpose (A31)": (members(purpose="sign_in\r\nBcc: x@example.com"), 400, "invalid_request"),
    "expression syntax as id (A40)": (
        members(challenge_id="#x = :y OR attribute_exists(pk)"),
        404,
        "unknown_challenge",
    ),
}


@pytest.fixture(scope="module")
def waiting(sandbox: Sandbox, told: Told) -> tuple[Story, str, str, str]:
    """An open challenge with all its attempts, and its code."""
    story, email = Story(sandbox=sandbox, told=told), fresh_address()
    challenge_id = story.issued(email)
    return story, email, challenge_id, story.code(email)


@pytest.mark.parametrize("case", VERIFY_CASES)
def test_a_bad_verify_is_refused_and_spends_nothing(case: str, waiting: tuple[Story, str, str, str]) -> None:
    story, email, challenge_id, code = waiting
    mangle, status, problem = VERIFY_CASES[case]
    body, headers = mangle(challenge_id, code, email)
    answer = story.sandbox.client.send("POST", "/v1/challenges/verify", body, headers)

    assert (answer.status, answer.text("code")) == (status, problem)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert story.status(challenge_id).members["attempts_left"] == 5


ISSUE_CASES: dict[str, dict[str, object]] = {
    "two recipients (A31)": {"email": "a@example.com,b@example.com"},
    "two recipients by semicolon (A31)": {"email": "a@example.com;b@example.com"},
    "two recipients by a space (A31)": {"email": "a@example.com b@example.com"},
    "a display name (A31)": {"email": "Ada <a@example.com>"},
    "CR LF in the address (A31)": {"email": "a@example.com\r\nBcc: b@example.com"},
    "percent-encoded CR LF (A31)": {"email": "a@example.com%0d%0aBcc:b@example.com"},
    "CR LF in the locale (A31)": {"locale": "en\r\n"},
    "CR LF in the nonce (A31)": {"nonce": "a\r\nb"},
    "CR LF in a transaction (A31)": {"transaction": {"payee": "Ada\r\nBcc: b@example.com"}},
    "CR LF in a transaction's name (A31)": {"transaction": {"pay\r\nee": "Ada"}},
    "a non-ASCII local part (A33)": {"email": "ädä@example.com"},
    "a Kelvin sign (A33)": {"email": "\u212a@example.com"},
    "a quoted local part": {"email": '"a b"@example.com'},
    "an IP literal": {"email": "a@[192.0.2.1]"},
    "an array of addresses": {"email": ["a@example.com"]},
    "an unknown purpose": {"purpose": "login"},
    "eleven transaction members": {"transaction": {str(n): "x" for n in range(11)}},
    "a number in the transaction": {"transaction": {"amount": 12}},
    "an unknown member (A45)": {"template": "evil"},
}


@pytest.mark.parametrize("case", ISSUE_CASES)
def test_a_bad_issue_is_refused_with_a_pointer_and_sends_nothing(case: str, story: Story) -> None:
    before = len(story.sandbox.client.messages())
    answer = story.sandbox.client.issue({"email": fresh_address(), "purpose": "sign_in"} | ISSUE_CASES[case])

    assert (answer.status, answer.text("code")) == (400, "invalid_request")
    errors = answer.members["errors"]
    assert isinstance(errors, list)
    assert any(str(error["pointer"]).startswith(f"#/{next(iter(ISSUE_CASES[case]))}") for error in errors)
    assert len(story.sandbox.client.messages()) == before


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/challenges"),
        ("PUT", "/v1/challenges/verify"),
        ("DELETE", "/v1/challenges"),
        ("POST", "/v1/challenges/verify/"),
        ("POST", "/v1/challenges/unknown"),
        ("POST", "/v2/challenges"),
        ("GET", "/"),
        ("POST", "/v1/challenges/../challenges"),
    ],
)
def test_an_unknown_route_or_method_is_not_found(method: str, path: str, story: Story) -> None:
    """A44."""
    answer: Answer = story.sandbox.client.send(method, path, issue_body(fresh_address()), JSON)

    assert (answer.status, answer.members) == (404, {"message": "Not Found"})


def test_spoofed_headers_change_neither_the_source_nor_a_link(story: Story) -> None:
    """A25, A41."""
    email = fresh_address()
    story.told.tell(Kind.ADDRESS, email)
    headers = JSON | {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Host": "evil.example", "Forwarded": "for=evil"}
    answer = story.sandbox.client.send("POST", "/v1/challenges", issue_body(email), headers)
    mail = story.mails(email)[0]

    assert answer.status == 202
    assert "evil.example" not in f"{mail['text']}{mail['html']}{mail['headers']}"
