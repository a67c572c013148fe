"""Mail that the stack sends is caught, whole."""

import time
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest

from otpost_tools.sandbox.mail import read
from tests.sandbox.speech import Speech, eventually


def mailed(sandbox: Speech, to: str, subject: str = "A subject") -> dict[str, Any]:
    sandbox.probe(do="send", bodies=[{"name": subject, "do": "mail", "to": to, "subject": subject}])
    caught = eventually(lambda: sandbox.get(f"/_sandbox/messages?to={to}").json())
    found: dict[str, Any] = caught[0]
    return found


def test_mail_shows_what_the_receiver_reads(sandbox: Speech) -> None:
    mail = mailed(sandbox, "ada@example.com", "Größe")
    assert list(mail) == ["id", "to", "subject", "text", "html", "headers", "received_at"]
    assert mail["to"] == "ada@example.com"
    assert mail["subject"] == "Größe"
    assert mail["text"].strip() == "In plain words: ä"
    assert mail["html"].strip() == "<p>In HTML: ä</p>"
    assert mail["headers"]["Auto-Submitted"] == "auto-generated"
    age = datetime.now(UTC) - datetime.fromisoformat(mail["received_at"])
    assert abs(age.total_seconds()) < 10


def test_source_is_the_mail_as_it_was_sent(sandbox: Speech) -> None:
    mail = mailed(sandbox, "ada@example.com")
    answer = sandbox.get(f"/_sandbox/messages/{mail['id']}/source")
    assert (answer.status, answer.header("content-type")) == (200, "message/rfc822")
    assert message_from_bytes(answer.body, policy=policy.default)["To"] == "ada@example.com"
    assert sandbox.get("/_sandbox/messages/unknown/source").status == 404


def test_newest_mail_comes_first_and_the_address_filters(sandbox: Speech) -> None:
    for number in range(3):
        mailed(sandbox, f"u{number}@example.com", f"Number {number}")
    subjects = [mail["subject"] for mail in sandbox.get("/_sandbox/messages").json()]
    assert subjects == ["Number 2", "Number 1", "Number 0"]
    assert [mail["subject"] for mail in sandbox.get("/_sandbox/messages?to=U1@example.com").json()] == ["Number 1"]
    assert sandbox.get("/_sandbox/messages?to=nobody@example.com").json() == []


def test_mail_arrives_soon(sandbox: Speech) -> None:
    mailed(sandbox, "warm@example.com")
    began = time.monotonic()
    mailed(sandbox, "quick@example.com")
    assert time.monotonic() - began < 2


def test_listener_of_the_stream_hears_of_a_mail(sandbox: Speech) -> None:
    import http.client  # noqa: PLC0415

    connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"), timeout=10)
    connection.request("GET", "/_sandbox/stream")
    response = connection.getresponse()
    assert response.getheader("content-type") == "text/event-stream"
    assert response.readline() == b": listening\n"
    sandbox.post("/_sandbox/clock", {"advance_seconds": 1})
    mailed(sandbox, "ada@example.com")
    sandbox.post("/_sandbox/reset")
    events: list[bytes] = []
    while b"event: reset\n" not in events:
        events.append(response.readline())
    connection.close()
    assert [line for line in events if line.startswith(b"event")] == [
        b"event: clock\n",
        b"event: message\n",
        b"event: reset\n",
    ]


@pytest.mark.parametrize("html", [None, "<p>ä</p>"])
def test_simple_content_is_read_like_raw_content(html: str | None) -> None:
    body = {"Text": {"Data": "ä"}, **({"Html": {"Data": html}} if html else {})}
    request = {
        "FromEmailAddress": "a@fixture.example",
        "Destination": {"ToAddresses": ["b@example.com"]},
        "Content": {"Simple": {"Subject": {"Data": "S"}, "Body": body}},
    }
    mail = read("id", request, datetime.now(UTC)).public()
    assert (mail["to"], mail["subject"], str(mail["text"]).strip()) == ("b@example.com", "S", "ä")
    assert (mail["html"] is None) == (html is None)
