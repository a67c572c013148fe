"""Everything that can happen to challenges, told once, with all that must not show anywhere."""

import re
from collections.abc import Iterator
from typing import Any

import time_machine

from tests.backends import faults
from tests.backends.account import CHALLENGES, Item, Mail
from tests.functional.events import http_event
from tests.functional.stack import CANCEL, RESEND, STATUS, Stack, wrong

KEY, NONCE = "idempotency-key-of-ada", "nonce-of-ada"
CLIENT = {"ip": "203.0.113.77", "user_agent": "A rare browser", "device": "device-of-ada"}
ASKED: dict[str, Any] = {"purpose": "transaction", "transaction": {"payee": "Eve Example"}}


class Story:
    """One run of everything: its *codes*, its other *secrets*, and what was *printed*, stored and queued by its end."""

    printed: str
    service: str
    items: list[Item]
    queued: list[str]
    mails: list[Mail]

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
        self._paths()
        account = self._stack.account
        self.printed, self.service = self._stack.tape.getvalue(), self._stack.service
        self.items, self.queued, self.mails = account.items(), account.queued(), account.mails()

    def _paths(self) -> None:
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
        self._stack.deliver(challenge_id, remaining=5_000)
        with wire.failing("sesv2", faults.throttled):
            self._stack.deliver(challenge_id)
        for _ in range(3):
            with wire.failing("sesv2", faults.read_timeout):
                self._stack.deliver(challenge_id)
            self._stack.deliver(challenge_id, challenge_id)
            self._clock.shift(15)
        refused = self._stack.issue("i@example.com").body["challenge_id"]
        self.secrets.add(refused)
        with wire.failing("sesv2", faults.refused("MessageRejected")):
            self._stack.deliver(refused)
        self._broken_item()

    def _broken_item(self) -> None:
        challenge_id = self._stack.issue("k@example.com").body["challenge_id"]
        self.secrets.add(challenge_id)
        account = self._stack.account
        item = next(item for item in account.items(CHALLENGES) if item.get("email") == {"S": "k@example.com"})
        account.put(CHALLENGES, item | {"delivery": {"S": "by pigeon"}})
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
