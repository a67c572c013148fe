"""What is logged and counted: enough for every alarm, and nothing that a caller sent (A15, A60)."""

import hashlib
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
import yaml

from tests.backends import faults
from tests.functional.events import IAM, http_event
from tests.functional.stack import (
    CANCEL,
    ISSUE,
    RESEND,
    ROOT,
    STATUS,
    VERIFY,
    Context,
    Stack,
    wrong,
)

LOGGED = {
    "level",
    "timestamp",
    "service",
    "message",
    "cold_start",
    "function_request_id",
    "xray_trace_id",
    "route",
    "status",
    "reason",
    "challenge",
    "purpose",
    "delivery",
    "attempts_left",
    "cause",
}
METRICS = {
    "Challenges": {"issued", "repeated", "address_interval", "invalid_request", "unavailable"},
    "Resends": {"issued", "unknown", "consumed", "address_interval"},
    "Cancellations": {"cancelled", "consumed", "unknown"},
    "Statuses": {"open", "accepted", "cancelled", "unknown"},
    "Attempts": {
        "accepted",
        "repeated",
        "wrong_code",
        "unknown",
        "consumed",
        "cancelled",
        "exhausted",
        "expired",
        "invalid_request",
        "unavailable",
    },
    "Mails": {"sent", "nothing_to_do", "held", "rejected", "unknown", "unavailable"},
    "KeySets": {"served"},
    "Descriptions": {"served"},
    "Healths": {"served"},
}
KEY, NONCE = "idempotency-key-of-ada", "nonce-of-ada"
CLIENT = {"ip": "203.0.113.77", "user_agent": "A rare browser", "device": "device-of-ada"}
ASKED: dict[str, Any] = {"purpose": "transaction", "transaction": {"payee": "Eve Example"}}


class Story:
    """Everything that can happen, told once, with all that must not show anywhere."""

    def __init__(self, stack: Stack, clock: time_machine.Traveller) -> None:
        self.secrets: set[str] = {KEY, NONCE, "Eve Example", "eve@", "ada@example.com", "example.com", *CLIENT.values()}
        self.codes: set[str] = set()
        self._stack, self._clock = stack, clock

    def tell(self) -> None:
        """Let it happen."""
        used, code = self._mailed("ada@example.com", nonce=NONCE, key=KEY)
        self._verify(used, wrong(code))
        self._verify(used, code, key=KEY)
        self._clock.shift(1)
        self._verify(used, code, key=KEY)
        self._verify(used, code)
        self._stack.issue("ada@example.com", nonce=NONCE, key=KEY)
        self._stack.issue("ada@example.com")
        self._stack.issue("ada@example.com, eve@example.com")
        paid, code = self._mailed("eve@example.com", **ASKED)
        self._verify(paid, code, purpose="transaction")
        self._verify(paid, code, **ASKED)
        self._endings()
        self._failures()
        for route in (STATUS, CANCEL, RESEND):
            for challenge_id in (used, "unknown-id-of-ada"):
                self._stack.post(route, {"challenge_id": challenge_id})
        self._verify(used, "12 34 5x")
        for path in ("/.well-known/jwks.json", "/openapi.json", "/v1/health"):
            self._stack.serve(http_event(f"GET {path}"))

    def _endings(self) -> None:
        cancelled, code = self._mailed("c@example.com")
        self._stack.post(STATUS, {"challenge_id": cancelled})
        self._stack.post(CANCEL, {"challenge_id": cancelled})
        self._stack.post(STATUS, {"challenge_id": cancelled})
        self._verify(cancelled, code)
        exhausted, code = self._mailed("d@example.com")
        for nth in range(1, 7):
            self._verify(exhausted, wrong(code, nth))
        resent, code = self._mailed("f@example.com")
        self._stack.post(RESEND, {"challenge_id": resent})
        self._clock.shift(30)
        self._stack.post(RESEND, {"challenge_id": resent})
        self._stack.deliver(resent, resent, "garbage-of-ada")
        self._clock.shift(300)
        self._verify(resent, code)

    def _failures(self) -> None:
        challenge_id = self._stack.issue("g@example.com").body["challenge_id"]
        self.secrets.add(challenge_id)
        wire = self._stack.account.wire
        with wire.failing("*", faults.read_timeout):
            self._stack.issue("h@example.com")
            self._verify(challenge_id, "123456")
            self._stack.deliver(challenge_id)
        with wire.failing("sesv2", faults.throttled):
            self._stack.deliver(challenge_id)
        self._stack.deliver(challenge_id)
        self._clock.shift(30)
        with wire.failing("sesv2", faults.refused("MessageRejected")):
            self._stack.deliver(challenge_id)

    def _mailed(self, email: str, **members: Any) -> tuple[str, str]:
        challenge_id, code = self._stack.mailed(email=email, **members)
        self.secrets.add(challenge_id)
        self.codes.add(code)
        return challenge_id, code

    def _verify(self, challenge_id: str, code: str, **members: Any) -> None:
        answer = self._stack.verify(challenge_id, code, **members)
        self.codes.add(code)
        if "receipt" in answer.body:
            self.secrets |= {answer.body["receipt"], *answer.body["receipt"].split(".")[1:]}


@pytest.fixture
def story(stack: Stack, clock: time_machine.Traveller) -> Iterator[Story]:
    """Tell the story, with every logger at DEBUG, as a root handler of the Lambda runtime writes it."""
    root, handler = logging.getLogger(), logging.StreamHandler(stack.tape)
    handler.addFilter(lambda record: not record.name.startswith("moto"))  # the other side of the wire
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        told = Story(stack, clock)
        told.tell()
        yield told
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


def lines(stack: Stack) -> list[dict[str, Any]]:
    """Return every line that the functions printed; all of them are JSON objects."""
    return [json.loads(line) for line in stack.tape.getvalue().splitlines() if line.startswith("{")]


def logs(stack: Stack) -> list[dict[str, Any]]:
    return [line for line in lines(stack) if "_aws" not in line]


def metrics(stack: Stack) -> list[dict[str, Any]]:
    return [line for line in lines(stack) if "_aws" in line]


def leaves(value: Any) -> Iterator[Any]:
    """Yield every text, number and binary in *value*, names of members included."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from leaves(member)
    elif isinstance(value, list | tuple | set):
        for member in value:
            yield from leaves(member)
    else:
        yield value


def codes_in(text: str, codes: set[str]) -> list[str]:
    """Return which codes stand in *text* by themselves, not within a longer number or word."""
    return [code for code in codes if re.search(rf"(?<![0-9A-Za-z]){re.escape(code)}(?![0-9A-Za-z])", text)]


def test_nothing_printed_holds_a_code_a_receipt_an_id_or_an_address(story: Story, stack: Stack) -> None:
    """A15, A16: at DEBUG, everything that can happen."""
    printed = stack.tape.getvalue()

    assert len(printed) > 5_000
    assert [secret for secret in story.secrets if secret in printed] == []
    assert codes_in(printed, story.codes) == []


def test_nothing_but_our_own_lines_is_printed_at_debug(story: Story, stack: Stack) -> None:
    """Libraries print requests at DEBUG; they stay at WARNING."""
    ours = {"Challenges", "Resends", "Cancellations", "Statuses", "Attempts", "Mails", *METRICS}

    others = [line for line in stack.tape.getvalue().splitlines() if line not in ours and not line.startswith("{")]

    assert others == []


def test_log_lines_have_the_allowed_keys_only(story: Story, stack: Stack) -> None:
    keys = {key for line in logs(stack) for key in line}

    assert keys <= LOGGED
    assert {"route", "status", "reason", "challenge", "attempts_left", "cause", "function_request_id"} <= keys


def test_every_request_and_every_mail_is_one_line_and_one_metric(stack: Stack) -> None:
    challenge_id, code = stack.mailed()
    stack.verify(challenge_id, wrong(code))

    assert [line["message"] for line in logs(stack)] == ["Challenges", "Mails", "Attempts"]
    assert len(metrics(stack)) == 3
    line = logs(stack)[-1]
    assert (line["level"], line["service"], line["function_request_id"]) == (
        "INFO",
        stack.service,
        Context().aws_request_id,
    )
    assert (line["route"], line["status"], line["reason"], line["attempts_left"]) == (VERIFY, 401, "wrong_code", 4)


def test_metrics_have_two_dimensions_whose_values_are_our_own_words(story: Story, stack: Stack) -> None:
    """A60."""
    for line in metrics(stack):
        (directive,) = line["_aws"]["CloudWatchMetrics"]
        (metric,) = directive["Metrics"]
        assert directive["Namespace"] == "OTPost"
        assert [sorted(dimensions) for dimensions in directive["Dimensions"]] == [["reason", "service"]]
        assert metric == {"Name": metric["Name"], "Unit": "Count"}
        assert line.keys() == {"_aws", "service", "reason", metric["Name"]}
        assert line["service"] == stack.service
        assert line[metric["Name"]] == [1.0]


def counted(stack: Stack) -> dict[str, set[str]]:
    """Return the reasons that were counted, by metric."""
    found: dict[str, set[str]] = {}
    for line in metrics(stack):
        name = line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"]
        found.setdefault(name, set()).add(line["reason"])
    return found


def test_every_outcome_has_a_reason_of_its_own(story: Story, stack: Stack) -> None:
    found = counted(stack)

    assert found.keys() == METRICS.keys()
    assert {name: reasons - found[name] for name, reasons in METRICS.items()} == {name: set() for name in METRICS}
    assert all(re.fullmatch("[a-z_]+", reason) for reasons in found.values() for reason in reasons)


class _Template(yaml.SafeLoader):
    """Reads a template; what !Ref and the like say does not matter here."""


def _tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> object:
    return f"!{suffix}"


_Template.add_multi_constructor("!", _tag)


def alarmed(value: Any) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield metric, reason and the names of the dimensions of everything in namespace OTPost."""
    if isinstance(value, dict):
        if value.get("Namespace") == "OTPost":
            dimensions = {one["Name"]: one["Value"] for one in value["Dimensions"]}
            yield value["MetricName"], dimensions["reason"], tuple(sorted(dimensions))
        for member in value.values():
            yield from alarmed(member)
    elif isinstance(value, list):
        for member in value:
            yield from alarmed(member)


def test_every_metric_that_an_alarm_watches_is_emitted(story: Story, stack: Stack) -> None:
    """An alarm on a metric, reason or dimension that nothing emits would sleep for ever."""
    template = yaml.load(Path(ROOT / "template.yaml").read_text(), Loader=_Template)
    watched = list(alarmed(template["Resources"]))

    assert len(watched) >= 3
    found = counted(stack)
    for metric, reason, dimensions in watched:
        assert reason in found[metric]
        assert dimensions == ("reason", "service")


def test_at_rest_there_is_no_code_and_an_address_only_in_its_challenge(story: Story, stack: Stack) -> None:
    """A14, A15, A17: every stored value against every code, plain or hashed."""
    stored = [*leaves(stack.account.items())]
    texts = [
        value if isinstance(value, str) else value.hex() if isinstance(value, bytes) else repr(value)
        for value in stored
    ]
    digests = {hashlib.sha256(code.encode()).hexdigest() for code in story.codes}

    assert len(story.codes) > 10
    assert [text for text in texts if codes_in(text, story.codes)] == []
    assert [text for text in texts if any(digest in text.lower() for digest in digests)] == []
    receipts_and_ids = {secret for secret in story.secrets if len(secret) > 30}
    assert [text for text in texts if any(secret in text for secret in receipts_and_ids)] == []


def test_no_hash_of_any_six_digit_code_is_at_rest(stack: Stack) -> None:
    """A14: all million of them, in hexadecimal, also as a part of a key."""
    stack.mailed()
    stack.mailed(email="eve@example.com")
    at_rest = {value.lower() for value in leaves(stack.account.items()) if isinstance(value, str)}
    at_rest |= {part for value in at_rest for part in value.split("#")}

    digests = {hashlib.sha256(b"%06d" % number).hexdigest() for number in range(10**6)}

    assert digests & at_rest == set()


def test_an_address_is_in_its_own_challenge_only(stack: Stack) -> None:
    """A14, A16."""
    stack.mailed(email="ada@example.com")

    holders = [
        (item["pk"]["S"].partition("#")[0], name)
        for item in stack.account.items()
        for name, value in item.items()
        if any("ada@" in str(leaf) for leaf in leaves(value))
    ]

    assert holders == [("challenge", "email")]


def test_the_queue_holds_ids_that_are_useless_without_the_code_key(story: Story, stack: Stack) -> None:
    """A16."""
    queued = stack.account.queued()

    assert queued
    assert all(re.fullmatch("[A-Za-z0-9_-]{40,60}", body) for body in queued)
    assert codes_in(" ".join(queued), story.codes) == []


def test_what_a_backend_says_of_its_client_is_nowhere(backend: Stack) -> None:
    """A15."""
    members = {"email": "ada@example.com", "purpose": "sign_in", "client": CLIENT}
    backend.post(ISSUE, members, iam=IAM)

    everything = backend.tape.getvalue() + json.dumps(backend.account.items(), default=repr)
    assert not [said for said in [*CLIENT.values(), *map(str, IAM.values())] if said in everything]


def test_a_failure_is_logged_by_the_kind_of_its_cause(stack: Stack) -> None:
    """A58: never by its text, which names endpoints and keys."""
    with stack.account.wire.failing("*", faults.read_timeout):
        stack.issue()

    assert [(line["reason"], line["cause"]) for line in logs(stack)] == [("unavailable", "ReadTimeoutError")]
    assert "aws.invalid" not in stack.tape.getvalue()
