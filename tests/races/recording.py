"""Runs a program against real stores and writes down what each client asked, when, and what it was told."""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from otpost.challenge import Challenge
from otpost.challenge_id import ChallengeKey
from otpost.errors import Unavailable
from otpost.ports import ChallengeStore, Draw, Opened
from otpost.window import RateLimited
from tests.contract.samples import HASH, NOW, PURPOSE, attempt, draw, new_challenge
from tests.races.linearizability import Operation
from tests.races.model import ALLOWED, LATEST, LIFE, WINDOWS, Call, Seen
from tests.races.programs import Program, Request
from tests.races.wire import Wire

_LIMITS = {name: most for name, most, _ in WINDOWS if name != "address_interval"}
_MOST_CLIENTS = 6


@dataclass(slots=True)
class Recorder:
    """Records programs on *store*, whose requests go over *wire*. Each recording has an address of its own."""

    store: ChallengeStore
    wire: Wire
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_MOST_CLIENTS))

    def record(self, program: Program) -> list[Operation]:
        """Return the history of one run. A copy of a request is an operation of its own that nobody hears of."""
        run = _Run(self.store, self.wire, f"{program.seed}/{secrets.token_hex(8)}")
        history = run.client("first", program.first, lambda: None)
        start = threading.Barrier(len(program.clients))
        runs = [
            self._threads.submit(run.client, f"client {at}", requests, start.wait)
            for at, requests in enumerate(program.clients)
        ]
        history += [operation for done in runs for operation in done.result()]
        self.wire.settle()
        return sorted(history, key=lambda operation: operation.called)


@dataclass(frozen=True, slots=True)
class _Run:
    store: ChallengeStore
    wire: Wire
    name: str

    def client(self, name: str, requests: Sequence[Request], begin: Callable[[], object]) -> list[Operation]:
        begin()
        return [operation for request in requests for operation in self._operations(name, request)]

    def _operations(self, client: str, request: Request) -> list[Operation]:
        called = time.perf_counter_ns()
        silent = Operation(client=client, call=request.call, called=called)
        copies = [replace(silent, client=f"{client}, copy")] if request.fate.copy is not None else []
        try:
            with self.wire.meeting(request.fate):
                answer = self._ask(request.call)
        except Unavailable:
            return [silent, *copies]
        return [replace(silent, answer=answer, returned=time.perf_counter_ns()), *copies]

    def _ask(self, call: Call) -> object:
        """Ask the store, and put its answer into the words of the model."""
        key, now = self._key(call.name), NOW + timedelta(milliseconds=call.now)
        match call.act:
            case "issue":
                return _issued(self.store.open(self._challenge(call), siblings=frozenset(), draw=self._draw(), now=now))
            case "resend":
                renewed = replace(self._challenge(call), expires_at=_at(min(call.now + LIFE, LATEST)))
                return _asked(self.store.ask_again(renewed, draw=self._draw(), now=now))
            case "guess":
                spent = self.store.spend_attempt(
                    key,
                    attempt_id=attempt(call.attempt),
                    correct=call.right,
                    purpose=PURPOSE,
                    transaction_hash=HASH,
                    now=now,
                )
                return spent.verdict.value, _seen(spent.challenge)
            case "cancel":
                return self.store.cancel(key, now=now).value
            case "find":
                return _seen(self.store.find(key))

    def _key(self, name: str) -> ChallengeKey:
        return ChallengeKey(hashlib.sha256(f"{self.name}/{name}".encode()).hexdigest())

    def _challenge(self, call: Call) -> Challenge:
        return new_challenge(
            at=_at(call.now), key=self._key(call.name), attempts_allowed=ALLOWED[call.name], latest=_at(LATEST)
        )

    def _draw(self) -> Draw:
        return draw(address=self.name, shard=int(self._key("shard")[:8], 16), **_LIMITS)


def _at(milliseconds: int) -> datetime:
    return NOW + timedelta(milliseconds=milliseconds)


def _since(instant: datetime | None) -> int | None:
    return None if instant is None else (instant - NOW) // timedelta(milliseconds=1)


def _seen(challenge: Challenge | None) -> Seen | None:
    if challenge is None:
        return None
    return Seen(
        expires=(challenge.expires_at - NOW) // timedelta(milliseconds=1),
        left=challenge.attempts_left,
        asked=challenge.mails_asked,
        consumed=_since(challenge.consumed_at),
        cancelled=_since(challenge.cancelled_at),
    )


def _issued(answer: Opened | RateLimited) -> object:
    return ("issued", answer.repeated, _seen(answer.challenge)) if isinstance(answer, Opened) else _limited(answer)


def _asked(answer: object) -> object:
    if isinstance(answer, RateLimited):
        return _limited(answer)
    return "asked" if answer is None else str(answer)


def _limited(answer: RateLimited) -> tuple[str, int]:
    return answer.limit.value, answer.retry_after // timedelta(milliseconds=1)
