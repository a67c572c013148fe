"""What the stores promise, said once more and alone: a state, a call, and what may follow. Times are milliseconds.

A specification, written from the protocol and not from the code under test: it imports nothing of the product.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

SECOND = 1_000
LIFE, LATEST, REPEAT = 300 * SECOND, 600 * SECOND, 300 * SECOND
WINDOWS = (
    ("address_interval", 1, 30 * SECOND),
    ("address_hour", 3, 3_600 * SECOND),
    ("address_day", 4, 86_400 * SECOND),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a client asks for at *now*: of challenge *name*; *attempt* names a guess, *right* says what it is worth.

    *nonce* tells one request from another; the copies of one request share it.
    """

    act: Literal["issue", "guess", "resend", "cancel", "find"]
    name: str
    now: int
    nonce: int
    attempt: str = ""
    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One challenge."""

    expires: int
    allowed: int
    asked: int = 1
    tries: frozenset[str] = frozenset()
    winner: str | None = None
    consumed: int | None = None
    cancelled: int | None = None

    def seen(self) -> "Seen":
        """Return what a client may see of it: the rules count attempts, but do not say how they are kept apart."""
        left = max(0, self.allowed - len(self.tries))
        return Seen(expires=self.expires, left=left, asked=self.asked, consumed=self.consumed, cancelled=self.cancelled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A challenge as answers show it."""

    expires: int
    left: int
    asked: int
    consumed: int | None
    cancelled: int | None


@dataclass(frozen=True, slots=True)
class State:
    """All challenges of one address by name, the times of its mails (newest first), and the transactions done."""

    challenges: tuple[tuple[str, Standing], ...] = ()
    sent: tuple[int, ...] = ()
    done: frozenset[int] = frozenset()


type Step = tuple[State, object]

ALLOWED: Mapping[str, int] = {"A": 3, "B": 1}


def steps(state: State, call: Call) -> list[Step]:
    """Return what may follow *call*. More than one thing: a copy of a transaction may meet what the first did."""
    found = dict(state.challenges).get(call.name)
    match call.act:
        case "issue":
            return _repeatable(state, call, ("issued", False, _new(call).seen()), _issue(state, call, found))
        case "resend":
            return _repeatable(state, call, "asked", _resend(state, call, found))
        case "guess":
            return [_guess(state, call, found)]
        case "cancel":
            return [_cancel(state, call, found)]
        case "find":
            return [(state, found.seen() if found else None)]


def _repeatable(state: State, call: Call, success: object, fresh: Step) -> list[Step]:
    return [(state, success), fresh] if call.nonce in state.done else [fresh]


def _new(call: Call) -> Standing:
    return Standing(expires=call.now + LIFE, allowed=ALLOWED[call.name])


def _issue(state: State, call: Call, found: Standing | None) -> Step:
    """A standing challenge outranks every window."""
    if found is not None:
        return state, ("issued", True, found.seen())
    refused = _refusal(state.sent, call.now)
    if refused is not None:
        return state, refused
    return _mailed(state, call, _new(call)), ("issued", False, _new(call).seen())


def _resend(state: State, call: Call, found: Standing | None) -> Step:
    """Why a challenge is over outranks the windows; attempts are not renewed."""
    if found is None:
        return state, "unknown"
    refused = _over(found, call.now) or _refusal(state.sent, call.now)
    if refused is not None:
        return state, refused
    return _mailed(state, call, replace(found, expires=min(call.now + LIFE, LATEST), asked=found.asked + 1)), "asked"


def _guess(state: State, call: Call, found: Standing | None) -> Step:
    """The winner may ask again for a while, a counted guess as long as the challenge is open: both change nothing."""
    if found is None:
        return state, ("unknown", None)
    own_success = found.winner == call.attempt and found.consumed is not None and call.now - found.consumed < REPEAT
    over = None if own_success else _over(found, call.now, counted=call.attempt in found.tries)
    if over is not None:
        return state, (over, found.seen())
    after = replace(found, tries=found.tries | {call.attempt})
    if call.right and found.winner is None:
        after = replace(after, winner=call.attempt, consumed=call.now)
    return _kept(state, call, after), ("accepted" if call.right else "wrong_code", after.seen())


def _cancel(state: State, call: Call, found: Standing | None) -> Step:
    if found is None or found.winner is not None:
        return state, "unknown" if found is None else "consumed"
    return _kept(
        state, call, replace(found, cancelled=call.now if found.cancelled is None else found.cancelled)
    ), "cancelled"


def _over(found: Standing, now: int, *, counted: bool = False) -> str | None:
    """The first that holds of: consumed, cancelled, exhausted, expired."""
    if found.winner is not None:
        return "consumed"
    if found.cancelled is not None:
        return "cancelled"
    if len(found.tries) >= found.allowed and not counted:
        return "exhausted"
    return "expired" if now >= found.expires else None


def _refusal(sent: tuple[int, ...], now: int) -> tuple[str, int] | None:
    """The longest wait among the windows that are full; of equal ones the first."""
    waits = [(limit, sent[most - 1] + span - now) for limit, most, span in WINDOWS if len(sent) >= most]
    return max((wait for wait in waits if wait[1] > 0), key=lambda wait: wait[1], default=None)


def _kept(state: State, call: Call, after: Standing) -> State:
    challenges = tuple(sorted((dict(state.challenges) | {call.name: after}).items(), key=lambda item: item[0]))
    return replace(state, challenges=challenges)


def _mailed(state: State, call: Call, after: Standing) -> State:
    return replace(_kept(state, call, after), sent=(call.now, *state.sent), done=state.done | {call.nonce})
