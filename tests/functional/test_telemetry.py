"""What is logged and counted: enough for every alarm, and nothing that a caller sent (A15, A60)."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.backends import faults
from tests.functional.stack import ROOT, VERIFY, Context, Stack, wrong
from tests.functional.story import Story, codes_in

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
    "Mails": {
        "sent",
        "deferred",
        "nothing_to_do",
        "held",
        "given_up",
        "rejected",
        "unknown",
        "unavailable",
        "late",
        "crashed",
    },
    "KeySets": {"served"},
    "Descriptions": {"served"},
    "Healths": {"served"},
}


def lines(printed: str) -> list[dict[str, Any]]:
    """Return every line that the functions printed themselves; all of them are JSON objects."""
    return [json.loads(line) for line in printed.splitlines() if line.startswith("{")]


def logs(printed: str) -> list[dict[str, Any]]:
    """Return the log lines."""
    return [line for line in lines(printed) if "_aws" not in line]


def metrics(printed: str) -> list[dict[str, Any]]:
    """Return the lines in CloudWatch's embedded metric format."""
    return [line for line in lines(printed) if "_aws" in line]


def test_nothing_printed_holds_a_code_a_receipt_an_id_or_an_address(story: Story) -> None:
    """A15, A16: at DEBUG, everything that can happen."""
    printed = story.printed

    assert len(printed) > 5_000
    assert [secret for secret in story.secrets if secret in printed] == []
    assert codes_in(printed, story.codes) == []


def test_nothing_but_our_own_lines_is_printed_at_debug(story: Story) -> None:
    """Libraries print requests at DEBUG; they stay at WARNING."""
    ours = {"Challenges", "Resends", "Cancellations", "Statuses", "Attempts", "Mails", *METRICS}

    others = [line for line in story.printed.splitlines() if line not in ours and not line.startswith("{")]

    assert others == []


def test_log_lines_have_the_allowed_keys_only(story: Story) -> None:
    keys = {key for line in logs(story.printed) for key in line}

    assert keys <= LOGGED
    assert {"route", "status", "reason", "challenge", "attempts_left", "cause", "function_request_id"} <= keys


def test_every_request_and_every_mail_is_one_line_and_one_metric(stack: Stack) -> None:
    challenge_id, code = stack.mailed()
    stack.verify(challenge_id, wrong(code))

    assert [line["message"] for line in logs(stack.tape.getvalue())] == ["Challenges", "Mails", "Attempts"]
    assert len(metrics(stack.tape.getvalue())) == 3
    line = logs(stack.tape.getvalue())[-1]
    assert (line["level"], line["service"], line["function_request_id"]) == (
        "INFO",
        stack.service,
        Context().aws_request_id,
    )
    assert (line["route"], line["status"], line["reason"], line["attempts_left"]) == (VERIFY, 401, "wrong_code", 4)


def test_metrics_have_two_dimensions_whose_values_are_our_own_words(story: Story) -> None:
    """A60."""
    for line in metrics(story.printed):
        (directive,) = line["_aws"]["CloudWatchMetrics"]
        (metric,) = directive["Metrics"]
        assert directive["Namespace"] == "OTPost"
        assert [sorted(dimensions) for dimensions in directive["Dimensions"]] == [["reason", "service"]]
        assert metric == {"Name": metric["Name"], "Unit": "Count"}
        assert line.keys() == {"_aws", "service", "reason", metric["Name"]}
        assert line["service"] == story.service
        assert line[metric["Name"]] == [1.0]


def counted(printed: str) -> dict[str, set[str]]:
    """Return the reasons that were counted, by metric."""
    found: dict[str, set[str]] = {}
    for line in metrics(printed):
        name = line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"]
        found.setdefault(name, set()).add(line["reason"])
    return found


def test_every_outcome_has_a_reason_of_its_own(story: Story) -> None:
    found = counted(story.printed)

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


def test_every_metric_that_an_alarm_watches_is_emitted(story: Story) -> None:
    """An alarm on a metric, reason or dimension that nothing emits would sleep for ever."""
    template = yaml.load(Path(ROOT / "template.yaml").read_text(), Loader=_Template)
    watched = list(alarmed(template["Resources"]))

    assert len(watched) >= 3
    found = counted(story.printed)
    for metric, reason, dimensions in watched:
        assert reason in found[metric]
        assert dimensions == ("reason", "service")


def test_a_failure_is_logged_by_the_kind_of_its_cause(stack: Stack) -> None:
    """A58: never by its text, which names endpoints and keys."""
    with stack.account.wire.failing("*", faults.read_timeout):
        stack.issue()

    assert [(line["reason"], line["cause"]) for line in logs(stack.tape.getvalue())] == [
        ("unavailable", "ReadTimeoutError")
    ]
    assert "aws.invalid" not in stack.tape.getvalue()
