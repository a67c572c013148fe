"""Small concurrent programs, made from a seed: what each client asks for, and what becomes of its requests."""

import random
from dataclasses import dataclass

from tests.races.model import SECOND, Call
from tests.races.wire import Fate

_NEAR = (0, 1, 2, 5)
_EDGES = tuple(second * SECOND for second in (30, 31, 60, 61, 90, 299, 300, 301, 330, 599, 600, 700))


@dataclass(frozen=True, slots=True)
class Request:
    """One call, and what becomes of it on its way."""

    call: Call
    fate: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """*first* is done before the clients begin; each client does its requests one after another."""

    seed: int
    first: tuple[Request, ...]
    clients: tuple[tuple[Request, ...], ...]


def program(seed: int) -> Program:
    """Return the program of *seed*, the same every time: 3 to 6 clients with 2 to 5 requests each."""
    dice = random.Random(seed)
    made = _Maker(dice)
    first = (Request(made.call("issue", "A", now=0), Fate()),) if dice.random() < 0.8 else ()
    clients = tuple(tuple(made.request() for _ in range(dice.randint(2, 5))) for _ in range(dice.randint(3, 6)))
    return Program(seed=seed, first=first, clients=clients)


class _Maker:
    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._made = 0

    def request(self) -> Request:
        act = self._dice.choices(("issue", "guess", "resend", "cancel", "find"), (2, 7, 3, 1, 1))[0]
        name = self._dice.choices("AB", (7, 1))[0]
        return Request(self.call(act, name, now=self._now()), self._fate())

    def call(self, act: str, name: str, *, now: int) -> Call:
        """Return a call that no other is mistaken for; guesses with a key may repeat an attempt, others never do."""
        self._made += 1
        right = self._dice.random() < 0.3
        kind = "right" if right else "wrong"
        attempt = f"keyed {kind} {self._dice.randint(1, 2)}" if self._dice.random() < 0.5 else f"{kind} {self._made}"
        guess = {"attempt": attempt, "right": right} if act == "guess" else {}
        return Call(act=act, name=name, now=now, nonce=self._made, **guess)  # type: ignore[arg-type]

    def _now(self) -> int:
        """Mostly one moment, often the edge of a window or a life; the clients' clocks need not agree."""
        return self._dice.choice(_NEAR) if self._dice.random() < 0.6 else self._dice.choice(_EDGES)

    def _fate(self) -> Fate:
        conflicts = self._dice.choices((0, 1, 2, 4), (85, 8, 5, 2))[0]
        copy = self._dice.choice((0.0, 0.002, 0.01)) if self._dice.random() < 0.15 else None
        end = self._dice.choices(("answered", "answer lost", "request lost"), (85, 12, 3))[0]
        return Fate(conflicts=conflicts, copy=copy, end=end)  # type: ignore[arg-type]
