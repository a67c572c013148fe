"""Failures of an identity: every wrong guess that is told was counted first, and only a success ends a streak."""

from collections import defaultdict
from collections.abc import Set as AbstractSet

from tests.simulation.invocation import Invocation
from tests.simulation.laws.law import Change, Known, Law
from tests.simulation.post import VERIFY, Attempt, Post, Reply
from tests.simulation.trace import key_of

type Who = tuple[str, str]
"""A Region and an identity."""


class Streaks(Law):
    """NIST's cap holds between successes, whatever is lost, repeated or raced."""

    def __init__(self, known: Known) -> None:
        super().__init__(known)
        self._counted: set[Attempt] = set()
        self._told: defaultdict[Who, set[Attempt]] = defaultdict(set)
        self._successes: defaultdict[Who, int] = defaultdict(int)
        self._ended: defaultdict[Who, int] = defaultdict(int)

    def changed(self, change: Change) -> None:
        """Note a success."""
        if change.old is not None and change.old.consumed_by is None and change.new.consumed_by is not None:
            who = change.region, change.new.identity
            self._successes[who] += 1
            self._told[who].clear()

    def failed(
        self, region: str, identity: str, before: AbstractSet[bytes], after: AbstractSet[bytes], by: Invocation
    ) -> None:
        """A streak grows by one attempt, or ends by a success that had not ended it yet."""
        who = region, identity
        if before <= after:
            self.require(len(after) == len(before) + 1, "one attempt was counted as several failures")
            self.require(by.post is not None and by.post.route == VERIFY, "something other than a guess failed")
            assert by.post is not None
            self._counted.add(by.post.attempt)
            return
        self._ended[who] += 1
        self.known.seen["wrong guesses after a success, forgotten when its record came late"] += len(self._told[who])
        self.require(not after, "a streak shrank")
        self.require(self._ended[who] <= self._successes[who], "a streak ended without a success")

    def said(self, post: Post, invocation: Invocation, reply: Reply) -> None:
        """A wrong guess was counted before it is told, and not too many are told between successes."""
        if post.route != VERIFY or reply.status != 401:
            return
        self.require(post.attempt in self._counted, "a wrong guess was told before it was on the streak")
        challenge = self.known.regions[invocation.region].challenges.standing[key_of(post.token)]
        told = self._told[invocation.region, challenge.identity]
        told.add(post.attempt)
        most = self.known.policy.most_failures()
        self.known.seen["streaks as long as they can be"] += len(told) == most
        self.require(len(told) <= most, f"{len(told)} wrong guesses were told in a row; at most {most} may be")
