"""What happened in many worlds: so that a run in which nothing interesting happened is not taken for a proof."""

import re
from collections import Counter

from tests.simulation.step import Fate

_LOGGED = re.compile(r'"message":"(\w+)"[^\n]*?"reason":"(\w+)"')
_ANSWERS = {
    "Challenges": "issued repeated address_interval address_hour address_day source_hour stack_day failure_streak",
    "Attempts": "accepted repeated wrong_code unknown consumed cancelled exhausted expired invalid_request",
    "Resends": "issued unknown consumed cancelled exhausted expired address_interval address_hour address_day",
    "Cancellations": "cancelled consumed unknown",
    "Statuses": "open accepted cancelled exhausted expired unknown",
    "Mails": "sent deferred rejected held nothing_to_do given_up late",
}
EVENTS = (
    "crash",
    "timeout",
    "replies lost",
    "clients that gave up early",
    "late steps landed",
    "messages redelivered",
    "messages that must come again",
    "batches that failed in part",
    "batches of which the queue heard nothing",
    "dead letters redriven",
    "clock jumps",
    "successes fetched again at rest",
)
NEVER = "Mails: crashed"
"""An exception that is no answer of ours: it must not happen."""

EXPECTED = (
    *(f"step {fate}" for fate in Fate),
    *EVENTS,
    *(f"{noun}: {reason}" for noun, reasons in _ANSWERS.items() for reason in (*reasons.split(), "unavailable")),
)
"""Every kind of fault and outcome that a thousand worlds must have seen."""


def outcomes(tape: str) -> Counter[str]:
    """Count what the functions themselves logged, by noun and reason."""
    return Counter(f"{noun}: {reason}" for noun, reason in _LOGGED.findall(tape))


def missing(census: Counter[str]) -> list[str]:
    """Return the kinds that never happened."""
    return [kind for kind in EXPECTED if not census[kind]]
