"""Where a cell of the table is played: one account, warm functions, a clock, and the request in question."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

import time_machine

from tests.backends.account import IDENTITIES, Account
from tests.backends.wire import Fault
from tests.functional.events import NOW
from tests.functional.stack import Stack, code_in, wrong

KEY = "the-key-of-one-request"


@dataclass(slots=True, kw_only=True)
class Scene:
    """What the request meets. *guess* says whether a guess is right, None if it is none."""

    account: Account
    warm: Stack
    clock: time_machine.Traveller
    guess: bool | None = None
    challenge_id: str = ""
    code: str = ""
    _standing: ExitStack = field(default_factory=ExitStack)

    def begin(self) -> None:
        """Empty the account and wind the clock back."""
        self.account.clear()
        self.clock.move_to(NOW)
        self.guess = None

    def mailed(self) -> None:
        """Issue and deliver the challenge that the request is about."""
        self.challenge_id, self.code = self.warm.mailed()
        self.account.take_queued()

    def issued(self, *, key: str | None = None) -> None:
        """Issue the challenge that the request is about, and leave its mail owed; its message is under way."""
        self.challenge_id = self.warm.issue(key=key).body["challenge_id"]
        self.account.take_queued()

    def verified(self, *, key: str | None = None) -> None:
        """Consume the challenge."""
        assert self.warm.verify(self.challenge_id, self.code, key=key).status == 200

    def failed(self, times: int = 1) -> None:
        """Enter wrong codes."""
        for nth in range(2, times + 2):
            assert self.warm.verify(self.challenge_id, wrong(self.code, nth)).status == 401

    def lock(self) -> None:
        """Put as many failures on the identity as lock it."""
        (item,) = [item for item in self.account.items() if "identity" in item]
        failures = [b"attempt %d" % nth for nth in range(60)]
        key = {"S": f"identity#{item['identity']['S']}"}
        self.account.put(IDENTITIES, {"pk": key, "failures": {"BS": failures}})

    def lasting(self, call: str, fault: Fault) -> None:
        """Let calls of *call* fail, as a part of the story and not as the fault in question."""
        self._standing.enter_context(self.account.wire.failing(call, fault))

    def end(self) -> None:
        """Let everything work again."""
        self._standing.close()

    def deliver_all(self) -> None:
        """Deliver what is queued."""
        for body in self.account.take_queued():
            self.warm.deliver(body)

    def codes(self) -> set[str]:
        """Return the codes in all mails."""
        return {code_in(mail) for mail in self.account.mails()}


type Request = Callable[[Stack], str]
"""Sends the request, the same every time, and returns what is answered: `503 unavailable`, `202`; of a batch: `again`
or `done`."""
