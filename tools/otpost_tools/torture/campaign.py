"""What the stages share: fresh addresses, codes asked for and read, guesses made, and what earlier stages found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random

from otpost_tools.torture.adapter import Outcome
from otpost_tools.torture.burst import together
from otpost_tools.torture.errors import CannotMeasureError
from otpost_tools.torture.inboxes import Inbox
from otpost_tools.torture.pauses import Pauses
from otpost_tools.torture.plan import Plan
from otpost_tools.torture.product import Asked, Challenge, Product
from otpost_tools.torture.reply import Reply
from otpost_tools.torture.templates import filled
from otpost_tools.torture.wire import BrokenConnectionError, Request, lost, sent

_PATIENCE = 3  # how often a call that failed or was limited is repeated
_TOLD = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """A challenge and the code that was mailed for it."""

    challenge: Challenge
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhaustion:
    """How the product ends guessing, seen on codes that were guessed one guess at a time.

    *judged* wrong guesses are answered as wrong before anything else is said. *ends*: then the right code is refused.
    *is_mute*: a wrong guess after that is answered as wrong, too, so that answers do not tell what was looked at.
    """

    judged: int
    ends: bool
    is_mute: bool


@dataclass(slots=True, kw_only=True)
class Campaign:
    """One run against *product*. *tick* is called after each round."""

    product: Product
    inbox: Inbox
    plan: Plan
    run: str
    tick: Callable[[], None]
    random: Random
    pauses: Pauses
    consumed: list[Mailed] = field(default_factory=list[Mailed])
    exhausted: list[Mailed] = field(default_factory=list[Mailed])
    exhaustion: Exhaustion | None = None
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def fresh_address(self) -> str:
        return filled(self.plan.address, {"run": self.run, "n": next(self.numbers)})

    def mailed(self) -> Mailed:
        """A fresh address's code, asked for and read."""
        address = self.fresh_address()
        asked = self.patiently(lambda: self.product.issue(address))
        return Mailed(challenge=asked.challenge, code=self.inbox.code(address, after=0))

    def patiently(self, ask: Callable[[], Asked]) -> Asked:
        """Ask until a mail is on its way; CannotMeasureError if that does not help."""
        asked = ask()
        for _ in range(_PATIENCE):
            if asked.outcome is Outcome.LIMITED:
                self.pauses.wait(asked.retry_after or max(1, self.product.adapter.interval_seconds))
            elif asked.outcome is not Outcome.ERROR:
                break
            asked = ask()
        if asked.outcome is Outcome.ISSUED:
            return asked
        raise CannotMeasureError(f"asking for a code is answered as {asked.outcome}")

    def guesses(self, mailed: Mailed, codes: Sequence[str]) -> list[Request]:
        """A request for each of *codes*, each with an idempotency key of its own."""
        return [self.product.guess(mailed.challenge, code) for code in codes]

    def guess(self, mailed: Mailed, code: str) -> Outcome:
        """Present *code* in a request of its own, which is repeated as long as it is not answered."""
        return self.until_answered(self.product.guess(mailed.challenge, code))

    def at_once(self, requests: Sequence[Request]) -> list[Outcome]:
        """Present all of *requests* at one instant."""
        return [self._meaning(reply) for reply in together(requests)]

    def once(self, request: Request) -> Outcome:
        """Send one request; ERROR if it is not answered."""
        try:
            return self._meaning(sent(request))
        except BrokenConnectionError:
            return Outcome.ERROR

    def until_answered(self, request: Request) -> Outcome:
        """Send one request, and repeat it as long as it fails or is limited, a few times.

        Raises CannotMeasureError if it stays limited: what would come after the pause is not known.
        """
        outcome = self.once(request)
        for _ in range(_PATIENCE):
            if outcome not in {Outcome.ERROR, Outcome.LIMITED}:
                return outcome
            self.pauses.wait(1)
            outcome = self.once(request)
        if outcome is Outcome.LIMITED:
            raise CannotMeasureError("the product's rate limits refuse guesses before it looks at them")
        return outcome

    def lose(self, request: Request, *, answered: bool) -> None:
        """Send a request and go away before its answer is read."""
        try:
            lost(request, answered=answered)
        except BrokenConnectionError as error:
            raise CannotMeasureError(str(error)) from error

    def _meaning(self, reply: Reply | None) -> Outcome:
        if reply is None:
            return Outcome.ERROR
        outcome = self.product.judge_guess(reply)
        if outcome is Outcome.UNKNOWN:
            told = " ".join(reply.text()[:_TOLD].split())
            raise CannotMeasureError(f"no rule of verify.outcome fits the answer {reply.status} {told}")
        return outcome
