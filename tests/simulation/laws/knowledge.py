"""What was answered once stays true for whoever asks later: acceptance, cancellation, attempts used up."""

from collections import defaultdict
from dataclasses import dataclass

from tests.simulation.invocation import Invocation
from tests.simulation.laws.law import Known, Law
from tests.simulation.post import CANCEL, RESEND, STATUS, VERIFY, Post, Reply


@dataclass(slots=True)
class Told:
    """What clients were told of one challenge, and when: the order of events, not the clock's."""

    accepted: int | None = None
    cancelled: int | None = None
    left: tuple[tuple[int, int], ...] = ()


class Knowledge(Law):
    """Whoever asks after an answer was given never hears of an earlier state."""

    def __init__(self, known: Known) -> None:
        super().__init__(known)
        self._told: defaultdict[str, Told] = defaultdict(Told)
        self._began: dict[int, int] = {}

    def asked(self, post: Post) -> None:
        """Remember when it was asked."""
        self._began[post.serial] = self.known.moment

    def said(self, post: Post, invocation: Invocation, reply: Reply) -> None:  # noqa: ARG002
        """Compare with what had been told when this was asked."""
        if not post.token or post.region != self.known.home(post.token):
            return
        told, began = self._told[post.token], self._began[post.serial]
        if told.accepted is not None and told.accepted < began:
            self._after_acceptance(post, reply)
        if told.cancelled is not None and told.cancelled < began:
            self._after_cancellation(post, reply)
        if post.route != RESEND:  # a resend tells how it stood when it began
            self._attempts_left(told, began, reply)
        self._learn(told, post, reply)

    def _after_acceptance(self, post: Post, reply: Reply) -> None:
        if post.route == STATUS and reply.done:
            self.require(reply.body["verdict"] == "accepted", "an accepted challenge has another status")
        self.require(post.route not in {CANCEL, RESEND} or not reply.done, "an accepted challenge was acted upon")
        self.require(reply.status != 401, "a guess was judged after the challenge was accepted")

    def _after_cancellation(self, post: Post, reply: Reply) -> None:
        if post.route == STATUS and reply.done:
            self.require(reply.body["verdict"] == "cancelled", "a cancelled challenge has another status")
        self.require(post.route != VERIFY or reply.status not in {200, 401}, "a cancelled challenge took a guess")
        self.require(post.route != RESEND or not reply.done, "a cancelled challenge was sent again")

    def _attempts_left(self, told: Told, began: int, reply: Reply) -> None:
        left = reply.body.get("attempts_left")
        if left is None:
            return
        known = [number for moment, number in told.left if moment < began]
        self.require(not known or left <= min(known), f"{left} attempts are left where {known} were")
        told.left = (*told.left, (self.known.moment, left))

    def _learn(self, told: Told, post: Post, reply: Reply) -> None:
        if post.route == VERIFY and reply.status == 200:
            told.accepted = told.accepted or self.known.moment
        if post.route == CANCEL and reply.status == 200:
            told.cancelled = told.cancelled or self.known.moment
