"""The real handlers on moto, fed with the events that `sam local invoke` takes, too."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.backends.account import CHALLENGES, CONFIGURATION_SET, IDENTITIES, SENDER, Account, open_account

EVENTS = Path(__file__).parents[2] / "events"
LIFE = {"life": 300, "maximum": 600}
POLICY = {
    "purposes": {"sign_in": LIFE, "transaction": LIFE},
    "digits": 6,
    "attempts": 5,
    "streak": {"step_up": 20, "refuse": 60},
    "windows": {"address_interval": 30, "address_hour": 5, "address_day": 10, "source_hour": 300, "stack_day": 100000},
}
EXPECTED: dict[str, tuple[int, str | None]] = {
    "issue-accepted": (202, None),
    "issue-transaction": (202, None),
    "issue-base64-body": (202, None),
    "issue-two-recipients": (400, "invalid_request"),
    "issue-crlf-in-email": (400, "invalid_request"),
    "issue-unknown-member": (400, "invalid_request"),
    "issue-unknown-purpose": (400, "invalid_request"),
    "issue-client-in-browser-mode": (400, "invalid_request"),
    "issue-lone-surrogate": (400, "invalid_request"),
    "issue-body-too-large": (413, "body_too_large"),
    "issue-wrong-content-type": (415, "unsupported_media_type"),
    "issue-short-idempotency-key": (400, "invalid_request"),
    "verify-unknown-challenge": (404, "unknown_challenge"),
    "verify-numeric-code": (400, "invalid_request"),
    "verify-full-width-digits": (400, "invalid_request"),
    "verify-duplicate-members": (400, "invalid_request"),
    "verify-nan": (400, "invalid_request"),
    "verify-nested-arrays": (400, "invalid_request"),
    "verify-not-utf8": (400, "invalid_request"),
    "status-unknown-challenge": (404, "unknown_challenge"),
    "status-missing-id": (400, "invalid_request"),
    "resend-unknown-challenge": (404, "unknown_challenge"),
    "resend-with-an-address": (400, "invalid_request"),
    "cancel-unknown-challenge": (404, "unknown_challenge"),
    "keys-jwks": (200, None),
    "keys-openapi": (200, None),
    "keys-health": (200, None),
}
FUNCTIONS = {"resend": "issue", "cancel": "issue"}
OPEN_TO_CACHES = {"keys-jwks", "keys-openapi"}


class Context:
    """What Lambda hands a handler besides the event."""

    function_name = "otpost"
    memory_limit_in_mb = 256
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:otpost"
    aws_request_id = "8f5dd0f4-0f0a-4c1c-9f0e-0a1b2c3d4e5f"


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with open_account() as opened, pytest.MonkeyPatch.context() as patch:
        environment = {
            "POWERTOOLS_SERVICE_NAME": "otpost",
            "POWERTOOLS_METRICS_NAMESPACE": "OTPost",
            "CALLER_MODE": "browser",
            "IDENTITY_CASE": "ascii_lower",
            "POLICY": json.dumps(POLICY),
            "CHALLENGE_TABLE": CHALLENGES,
            "IDENTITY_TABLE": IDENTITIES,
            "MAIL_QUEUE_URL": opened.queue_url,
            "CODE_KEY_ARN": opened.keys.code,
            "IDENTITY_KEY_ARN": opened.keys.identity,
            "SIGNING_KEY_ARN": opened.keys.signing,
            "CONFIGURATION_SET": CONFIGURATION_SET,
            "SENDER_ADDRESS": SENDER,
            "BRAND_NAME": "Example",
            "SITE_ORIGIN": "https://app.example",
            "SUPPORT_ADDRESS": "help@otpost.example",
            "FUNCTION_TIMEOUT_SECONDS": "15",
            "RECEIPT_ISSUER": "https://codes.example",
            "RECEIPT_AUDIENCE": "app",
        }
        for name, value in environment.items():
            patch.setenv(name, value)
        yield opened


@pytest.fixture(scope="module")
def apps(account: Account) -> dict[str, ModuleType]:
    """Each handler's module, loaded anew in this account."""
    names = ("issue", "verify", "status", "deliver", "keys")
    return {name: importlib.reload(importlib.import_module(f"functions.{name}.app")) for name in names}


def event(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return loaded


def handle(apps: dict[str, ModuleType], name: str) -> dict[str, Any]:
    verb = name.partition("-")[0]
    answer: dict[str, Any] = apps[FUNCTIONS.get(verb, verb)].handler(event(name), Context())
    return answer


def test_every_event_file_has_its_expectation() -> None:
    assert {file.stem for file in EVENTS.glob("*.json")} == set(EXPECTED) | {"deliver-garbage"}


@pytest.mark.parametrize("name", EXPECTED)
def test_an_event_is_answered_as_documented(name: str, apps: dict[str, ModuleType], account: Account) -> None:
    """A35, A36, A37, A38, A45, A59: what is refused stores nothing, queues nothing, mails nothing."""
    account.clear()
    answer = handle(apps, name)
    body = json.loads(answer["body"])
    status, code = EXPECTED[name]

    assert (answer["statusCode"], body.get("code")) == (status, code)
    assert answer["headers"]["cache-control"] == ("public, max-age=300" if name in OPEN_TO_CACHES else "no-store")
    if code is not None:
        assert answer["headers"]["content-type"] == "application/problem+json"
        assert (account.items(), account.queued(), account.mails()) == ([], [], [])


def test_a_challenge_is_mailed_by_deliver_and_only_then_sent(apps: dict[str, ModuleType], account: Account) -> None:
    """A16, A49: the queue holds the id alone; a redelivery mails nothing more."""
    account.clear()
    issued = json.loads(handle(apps, "issue-accepted")["body"])
    batch = event("deliver-garbage")
    batch["Records"][0]["body"] = account.queued()[0]
    answers = [apps["deliver"].handler(batch, Context()) for _ in range(5)]

    assert account.queued() == [issued["challenge_id"]]
    assert answers == [{"batchItemFailures": []}] * 5
    assert [mail.recipients for mail in account.mails()] == [("ada@example.com",)]


def test_a_message_that_is_no_challenge_id_is_dropped(apps: dict[str, ModuleType], account: Account) -> None:
    account.clear()

    assert apps["deliver"].handler(event("deliver-garbage"), Context()) == {"batchItemFailures": []}
    assert account.mails() == []
