"""What a law may watch. It sees what clients are told, what is stored, and what is handed over: not the code."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from otpost.challenge import Challenge
from otpost.challenge_id import ChallengeKey
from otpost.policy import Policy
from otpost.ports import Sending
from tests.fakes.mail import SentMail
from tests.simulation.clock import Clock
from tests.simulation.invocation import Invocation
from tests.simulation.post import Post, Reply
from tests.simulation.trace import key_of

if TYPE_CHECKING:
    from tests.simulation.region import Region


class Broken(Exception):
    """A law does not hold."""

    def __init__(self, law: str, what: str) -> None:
        super().__init__(f"{law}: {what}")
        self.law = law


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A challenge before and after a step, and whose step it was. *old* is None when it was made."""

    region: str
    old: Challenge | None
    new: Challenge
    by: Invocation


@dataclass(slots=True)
class Known:
    """What all laws may look up: the regions, the policy, the time, and the requests by which challenges were made."""

    regions: Mapping[str, "Region"]
    policy: Policy
    clock: Clock
    skew: timedelta
    """How far the clock of an invocation may be from the true one."""

    asked_by: dict[ChallengeKey, Post] = field(default_factory=dict)
    tokens: dict[ChallengeKey, str] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    """What laws found worth counting without its being wrong."""

    moment: int = 0
    """How many events there were: an order of all of them, also of those at one instant."""

    def home(self, token: str) -> str | None:
        """Return the Region where the challenge with this id was asked for."""
        post = self.asked_by.get(key_of(token))
        return post.region if post else None


class Law:
    """Watches everything and minds nothing; laws override what they mind."""

    def __init__(self, known: Known) -> None:
        self.known = known

    def require(self, holds: object, what: str) -> None:
        """Raise Broken unless it *holds*."""
        if not holds:
            raise Broken(type(self).__name__, what)

    def asked(self, post: Post) -> None:
        """A request arrives."""

    def said(self, post: Post, invocation: Invocation, reply: Reply) -> None:
        """A function has answered a request, whether or not anybody hears it."""

    def changed(self, change: Change) -> None:
        """A challenge was made or changed."""

    def leased(self, region: str, challenge: Challenge, now: datetime, by: Invocation) -> None:
        """Somebody took the right to send a mail."""

    def handed(self, region: str, mail: SentMail, by: Invocation) -> None:
        """The transport has a mail, whether or not the sender heard of it."""

    def refused(self, region: str, key: ChallengeKey, said: Sending) -> None:
        """The transport would not take a mail."""

    def failed(
        self, region: str, identity: str, before: AbstractSet[bytes], after: AbstractSet[bytes], by: Invocation
    ) -> None:
        """A failure streak changed."""

    def stepped(self, region: str) -> None:
        """A step was taken; what it changed was told before."""

    def settled(self, region: str) -> None:
        """The queue forgot the messages that a batch was done with."""

    def at_rest(self) -> None:
        """Nothing is under way, every queue is empty, no fault is left."""
