"""What is explored: each model in scopes, the mutants that must break a promise, the witnesses that must be found."""

import re
from dataclasses import dataclass
from datetime import timedelta

from model.spin import MODELS
from otpost.policy import STEP_UP_ATTEMPTS, Policy, Streak
from otpost.ports import SENDS_PER_MAIL
from otpost.window import Windows


def bounds(*, attempts: int, step_up: int, refuse: int, day: int) -> tuple[str, ...]:
    """Return the numbers of a small policy for bound.pml, with what the product's arithmetic says of it."""
    numbers = {
        "MANY": attempts,
        "FEW": min(STEP_UP_ATTEMPTS, attempts),
        "STEP_UP": step_up,
        "REFUSE": refuse,
        "MOST_OPEN": day,
        "BOUND": _most_failures(attempts, Streak(step_up=step_up, refuse=refuse), day),
        "BOUND_OF_ONE_MORE": _most_failures(attempts, Streak(step_up=step_up, refuse=refuse), day + 1),
    }
    return tuple(f"{name}={number}" for name, number in numbers.items())


def _most_failures(attempts: int, streak: Streak, day: int) -> int:
    windows = Windows(
        address_interval=timedelta(seconds=30), address_hour=day, address_day=day, source_hour=300, stack_day=100_000
    )
    return Policy(purposes={}, digits=6, attempts=attempts, streak=streak, windows=windows).most_failures()


_TWO_OPEN = bounds(attempts=5, step_up=2, refuse=4, day=2)
_THREE_OPEN = bounds(attempts=4, step_up=2, refuse=3, day=3)

SCOPES: dict[str, dict[str, tuple[str, ...]]] = {
    "attempts.pml": {
        "crowd": ("CLIENTS=3", "END=0", "RESENDS=0"),
        "repeats": ("CLIENTS=2", "RESENDS=0"),
        "resends": ("CLIENTS=1", "RESENDS=2"),
        "life": ("CLIENTS=2", "RESENDS=1", "END=2"),
    },
    "streak.pml": {"one identity": ()},
    "bound.pml": {
        "two open": _TWO_OPEN,
        "three open": _THREE_OPEN,
        "one open, straddling": (*bounds(attempts=5, step_up=2, refuse=4, day=1), "STRADDLE"),
        "two open, straddling": (*_TWO_OPEN, "STRADDLE"),
        "three open, straddling": (*_THREE_OPEN, "STRADDLE"),
    },
    "deliver.pml": {
        "one mail": (f"SENDS_PER_MAIL={SENDS_PER_MAIL}", "RECEIVES=3"),
        "two mails": ("SENDS_PER_MAIL=1", "RECEIVES=2", "RESEND"),
    },
}
"""By model and scope, the macros. Scaled down: README.md says why that is enough, and where it is not."""

DEEP: dict[str, dict[str, tuple[str, ...]]] = {
    "attempts.pml": {"life, whole": ("CLIENTS=2", "RESENDS=1")},
    "deliver.pml": {"two mails, twice": (f"SENDS_PER_MAIL={SENDS_PER_MAIL}", "RECEIVES=2", "RESEND")},
}
"""Larger scopes, a minute or more each: `--deep`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """The protocol with one idea taken away, and a promise that it must break in that scope."""

    name: str
    model: str
    scope: str
    breaks: str


def _mutants(model: str, scope: str, **breaks: str) -> list[Mutant]:
    return [Mutant(name=name, model=model, scope=scope, breaks=promise) for name, promise in breaks.items()]


MUTANTS: tuple[Mutant, ...] = (
    *_mutants("attempts.pml", "crowd", READ_COMPARE_WRITE="REVEALED", MAC_IN_CONDITION="REVEALED"),
    *_mutants("attempts.pml", "crowd", READ_COMPARE_WRITE="ONE_SUCCESS", STRICT_CONSUME="NO_LOST_SUCCESS"),
    *_mutants("attempts.pml", "crowd", NUMBER="COUNTED_ONCE", CANCEL_FORGOTTEN="NOT_AFTER_CANCEL"),
    *_mutants("attempts.pml", "repeats", EXPIRY_INCLUDED="NOT_AFTER_EXPIRY", REPEAT_FOREVER="REPEAT_ENDS"),
    *_mutants("attempts.pml", "resends", RESEND_UNBOUNDED="LIFE_BOUNDED", RESEND_UNLIMITED="LIFE_BOUNDED"),
    *_mutants("attempts.pml", "life", RESEND_RENEWS="REVEALED", READ_COMPARE_WRITE="REASONED"),
    *_mutants("streak.pml", "one identity", NUMBER="COUNTED_ONCE", ANSWERED_FIRST="COUNTED", ANY_SUCCESS="ENDED_ONCE"),
    *_mutants("bound.pml", "two open", STEP_UP_FORGOTTEN="BOUNDED", LOCK_FORGOTTEN="BOUNDED"),
    *_mutants("bound.pml", "two open", WINDOW_FORGOTTEN="BOUNDED"),
    *_mutants("deliver.pml", "one mail", LEASE_UNNAMED="NO_SELF_HOLD", SENDS_UNBOUNDED="HANDED"),
    *_mutants("deliver.pml", "one mail", SENDS_NUMBER="COUNTED_ONCE", OVER_FORGOTTEN="NOT_WHEN_OVER"),
    *_mutants("deliver.pml", "one mail", UNKNOWN_GIVEN_BACK="HANDED", HELD_IS_DONE="NOT_FORGOTTEN"),
    *_mutants("deliver.pml", "two mails", RECORDS_ALL="NOT_FORGOTTEN"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Something that must be reachable, lest the promises hold for want of trying; *limit* if it is a known limit."""

    name: str
    model: str
    scope: str
    limit: str | None


_ELSEWHERE = {
    "SEEN_FETCHED_AFTER_EXPIRY": "repeats",
    "SEEN_ACCEPTED_AGAIN": "repeats",
    "SEEN_TOO_LATE": "repeats",
    "SEEN_EXPIRED": "repeats",
    "SEEN_SAVED_BY_RESEND": "life",
    "SEEN_RESEND_REFUSED": "resends",
    "SEEN_BEYOND_BOUND": "two open, straddling",
    "SEEN_TWO_ASKED_ONE_SENT": "two mails",
    "SEEN_TWO_HOLDERS": "two mails, twice",
    "SEEN_THIRD_HANDING_OVER": "two mails, twice",
}
"""Where a witness is to be found, if not in the first scope of its model."""

_DEFINED = re.compile(r"^#define (SEEN_\w+) \d+(?: +/\* (.+) \*/)?$", re.MULTILINE)


def scope(model: str, name: str) -> tuple[str, ...]:
    """Return the macros of a scope."""
    return (SCOPES[model] | DEEP.get(model, {}))[name]


def witnesses() -> list[Witness]:
    """Return every witness that the models name."""
    return [
        Witness(
            name=name,
            model=model,
            scope=_ELSEWHERE.get(name, next(iter(scopes))),
            limit=comment.removeprefix("LIMIT: ") if comment.startswith("LIMIT: ") else None,
        )
        for model, scopes in SCOPES.items()
        for name, comment in _DEFINED.findall((MODELS / model).read_text(encoding="utf-8"))
    ]
