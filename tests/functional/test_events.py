"""Every file of events/, answered as the tables of its README say."""

import base64
import json
import re
from typing import Any

import pytest

from tests.functional.events import FOLDER, IAM, NOW, stored
from tests.functional.given import GIVEN
from tests.functional.stack import FUNCTIONS, Response, Stack
from tests.functional.table import BATCHES, CASES, Batch, Case


@pytest.fixture
def stacks(stack: Stack, backend: Stack) -> dict[str, Stack]:
    """Return the functions by caller mode."""
    return {"browser": stack, "backend": backend}


def state(stack: Stack) -> tuple[Any, ...]:
    """Return all that a request could change."""
    return stack.account.items(), stack.account.queued(), stack.account.mails()


def test_the_tables_name_every_file_once() -> None:
    named = [case.name for case in CASES] + [batch.name for batch in BATCHES]

    assert sorted(named) == sorted(file.stem for file in FOLDER.glob("*.json"))
    assert len(named) > 100


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_event_is_answered_as_the_table_says(stacks: dict[str, Stack], case: Case) -> None:
    """A31, A33, A34, A35, A36, A37, A38, A40, A45, A58, A59."""
    stack = stacks[case.mode]
    GIVEN[case.given](stack)
    before = state(stack)

    answer = stack.serve(stored(case.name))

    assert answer.outcome == (case.status, case.code)
    assert answer.body.keys() == case.members
    assert_headers(answer, case)
    if (
        case.status >= 400 and case.code != "wrong_code"
    ):  # what is refused spends nothing, stores nothing, sends nothing
        assert state(stack) == before


def assert_headers(answer: Response, case: Case) -> None:
    """Hold an answer to the headers of its status: all of them, no others (A59)."""
    expected = {"content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff"}
    if case.code is not None:
        expected["content-type"] = "application/problem+json"
    if case.name in {"keys-jwks", "keys-openapi"}:
        expected["cache-control"] = "public, max-age=300"
    if case.status == 401:
        expected["www-authenticate"] = "OTPost"
    if case.status == 429:
        expected["retry-after"] = {"issue-locked": "86400"}.get(case.name, "30")
    assert answer.headers == expected


@pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: batch.name)
def test_a_batch_is_worked_through_as_the_table_says(stack: Stack, batch: Batch) -> None:
    GIVEN[batch.given](stack)

    answer = stack.invoke("deliver", stored(batch.name))

    assert len(stack.account.mails()) == batch.mails
    assert len(answer["batchItemFailures"]) == batch.again


@pytest.mark.parametrize("case", [case for case in CASES if case.code == "invalid_request"], ids=lambda case: case.name)
def test_what_is_wrong_is_pointed_at_and_not_repeated(stacks: dict[str, Stack], case: Case) -> None:
    """A58: what was sent comes back in no detail; an unknown member is named, since it is the caller's own word."""
    answer = stacks[case.mode].serve(stored(case.name))

    for flaw in answer.body["errors"]:
        assert flaw.keys() in ({"pointer", "detail"}, {"header", "detail"})
        assert flaw.get("pointer", "#").startswith("#")
        assert "example.com" not in flaw["detail"]
        assert "000000" not in flaw["detail"]


@pytest.mark.parametrize(
    ("name", "pointers"),
    [
        ("issue-missing-email", ["#/email"]),
        ("issue-unknown-member", ["#/template"]),
        ("issue-backend-client-without-ip", ["#/client/ip"]),
        ("issue-backend-client-unknown-member", ["#/client/asn"]),
        ("issue-transaction-number", ["#/transaction"]),
        ("issue-cut-off", ["#"]),
        ("verify-numeric-code", ["#/code"]),
        ("verify-longer-code", ["#/code"]),
        ("verify-duplicate-members", ["#"]),
        ("resend-with-an-address", ["#/email"]),
    ],
)
def test_flaws_are_json_pointers(stacks: dict[str, Stack], name: str, pointers: list[str]) -> None:
    mode = "backend" if "backend" in name else "browser"
    answer = stacks[mode].serve(stored(name))

    assert [flaw["pointer"] for flaw in answer.body["errors"]] == pointers


def test_a_flaw_of_a_header_names_the_header(stack: Stack) -> None:
    answer = stack.serve(stored("verify-short-idempotency-key"))

    assert [flaw["header"] for flaw in answer.body["errors"]] == ["Idempotency-Key"]


@pytest.mark.parametrize(
    "body",
    [
        "[" * 8192,
        "[" * 4096 + "]" * 4096,
        '{"a":' * 1600,
        '{"challenge_id": ' + "[" * 100_000,
        "{" * 8192,
        '"' + "\\ud800" * 1000,
        "1" * 8192,
        '{"a": 1e' + "9" * 4000 + "}",
        "\x00" * 8192,
        "null",
        "true",
        '"text"',
        "12",
        " ",
        '{"a": 1}{"a": 1}',
        "{'a': 1}",
        '{"a": 01}',
        '{"a": 1,}',
        "\u2028{}",
    ],
    ids=lambda body: f"{body[:12]!r} of {len(body)}",
)
def test_bodies_that_break_parsers_break_nothing(stack: Stack, body: str) -> None:
    """A37: those that are too big for a file."""
    answer = stack.serve(stored("verify-wrong-code") | {"body": body})

    assert answer.status == (413 if len(body) > 8192 else 400)
    assert stack.account.items() == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_is_what_api_gateway_sends(case: Case) -> None:
    """Payload format 2.0: lower-case headers, the route three times, the length of the body in octets."""
    event = stored(case.name)
    context = event["requestContext"]
    method, _, path = event["routeKey"].partition(" ")

    assert event["version"] == "2.0"
    assert FUNCTIONS[event["routeKey"]] == {"resend": "issue", "cancel": "issue"}.get(
        word := case.name.partition("-")[0], word
    )
    assert (event["rawPath"], event["rawQueryString"], context["routeKey"]) == (path, "", event["routeKey"])
    assert (context["http"]["method"], context["http"]["path"]) == (method, path)
    assert all(name == name.lower() and isinstance(value, str) for name, value in event["headers"].items())
    assert context["timeEpoch"] == NOW.timestamp() * 1000
    assert context.get("authorizer") == ({"iam": IAM} if case.mode == "backend" else None)
    if "body" in event:
        assert int(event["headers"]["content-length"]) == len(octets(event))


def octets(event: dict[str, Any]) -> bytes:
    """Return the body as the client sent it."""
    body: str = event["body"]
    if not event["isBase64Encoded"]:
        return body.encode()
    return base64.b64decode(body + "=" * (-len(body) % 4))


def test_files_are_small_and_whole() -> None:
    for file in FOLDER.glob("*.json"):
        assert file.stat().st_size < 20_000
        assert file.read_text() == json.dumps(json.loads(file.read_text()), indent=2) + "\n"
        assert re.fullmatch(r"[a-z0-9-]+", file.stem)
