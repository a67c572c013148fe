"""A15: runs after all other stories of this folder and reads every log line that they caused, at DEBUG."""

import json
from http.client import HTTPConnection

import pytest

from tests.e2e.stories import Story, fresh_address
from tests.sandboxes import Sandbox


def logs_of(sandbox: Sandbox) -> str:
    connection = HTTPConnection(sandbox.url.removeprefix("http://"), timeout=30)
    connection.request("GET", "/_sandbox/logs")
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def leaks(log: str, secrets: list[str]) -> list[str]:
    return [secret for secret in {secret for secret in secrets if secret} if secret in log]


def test_no_code_receipt_challenge_id_or_address_is_in_any_log_line(
    story: Story, sandbox: Sandbox, told: list[str]
) -> None:
    email = fresh_address()
    challenge_id = story.issued(email)
    story.verify(challenge_id, story.code(email))
    log = logs_of(sandbox)

    # A code of six digits stands in many a number of a log; as a word of its own it may not.
    words = set(log.replace('"', " ").replace(":", " ").replace(",", " ").split())
    codes = [secret for secret in told if secret.isdigit()]
    others = [secret for secret in told if not secret.isdigit()]

    assert len(told) > 3
    assert "Attempts" in log
    assert leaks(log, others) == []
    assert [code for code in codes if code in words] == []


@pytest.mark.parametrize("planted", ["claimant-planted@example.com", "AQYAB5w8DGV1LWNlbnRyYWwtMZkPVK98pwqNjf4J4VCenas"])
def test_the_scan_finds_a_planted_secret(sandbox: Sandbox, planted: str) -> None:
    log = logs_of(sandbox) + json.dumps({"message": planted})

    assert leaks(log, [planted]) == [planted]
