"""One code, one success: what attempts may come to."""

import base64
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from otpost.challenge import Challenge
from otpost.challenge_id import ChallengeKey
from tests.simulation.invocation import Invocation
from tests.simulation.laws.law import Change, Known, Law
from tests.simulation.post import VERIFY, Attempt, Post, Reply
from tests.simulation.trace import key_of

REPEATABLE = timedelta(seconds=300)


@dataclass(slots=True)
class Tally:
    """What was asked and told of one challenge, in all Regions together."""

    allowed: int = 0
    tried: set[Attempt] = field(default_factory=set)
    accepted: set[Attempt] = field(default_factory=set)
    revealed: set[Attempt] = field(default_factory=set)
    claims: dict[str, Any] | None = None
    winner: Attempt | None = None
    won_at: datetime | None = None
    won_moment: int = 0


class Spending(Law):
    """Successes ≤ 1, guesses told ≤ attempts allowed, an attempt counts once, a success is never lost."""

    def __init__(self, known: Known) -> None:
        super().__init__(known)
        self._tallies: defaultdict[ChallengeKey, Tally] = defaultdict(Tally)
        self._began: dict[int, int] = {}

    def asked(self, post: Post) -> None:
        """Count an attempt as tried."""
        self._began[post.serial] = self.known.moment
        if post.route == VERIFY:
            self._tallies[key_of(post.token)].tried.add(post.attempt)

    def changed(self, change: Change) -> None:
        """A challenge only ever loses attempts, is consumed once, and only while it is open."""
        old, new = change.old, change.new
        if old is None:
            self._tallies[new.key].allowed = new.attempts_allowed
            return
        self.require(_terms(old) == _terms(new), "the terms of a challenge changed")
        self.require(old.tries <= new.tries, "attempts were given back")
        self.require(len(new.tries) <= new.attempts_allowed, "more attempts were counted than are allowed")
        tally = self._tallies[new.key]
        self.require(len(new.tries) <= len(tally.tried), "one attempt was counted twice")
        self.require(old.cancelled_at is None or new.cancelled_at == old.cancelled_at, "a cancellation was undone")
        if new.consumed_by != old.consumed_by:
            self._consumed(old, new, change.by, tally)
        self.require(new.consumed_by is None or new.cancelled_at is None, "consumed and cancelled")

    def _consumed(self, old: Challenge, new: Challenge, by: Invocation, tally: Tally) -> None:
        self.require(old.consumed_by is None, "a challenge was consumed twice")
        self.require(by.began < old.expires_at, "a challenge was consumed after it expired")
        self.require(by.post is not None and by.post.route == VERIFY, "something other than an attempt consumed it")
        assert by.post is not None
        tally.winner, tally.won_at, tally.won_moment = by.post.attempt, by.began, self.known.moment
        self.require(new.consumed_at == by.began, "the instant of success is not that of the attempt")

    def said(self, post: Post, invocation: Invocation, reply: Reply) -> None:
        """Check what a guess was told."""
        if post.route != VERIFY:
            return
        key = key_of(post.token)
        tally = self._tallies[key]
        if reply.status == 200:
            self._accepted(key, post, reply, tally)
        if reply.status == 401:
            self.require(post.attempt != tally.winner, "the attempt that succeeded was told that its code is wrong")
            tally.revealed.add(post.attempt)
        elif self._may_repeat(post, invocation, tally):
            self.require(reply.status in {200, 503}, f"a success was lost: {reply.status} {reply.code}")
        told = len(tally.accepted | tally.revealed)
        self.require(told <= tally.allowed, f"{told} guesses were told, {tally.allowed} are allowed")

    def _accepted(self, key: ChallengeKey, post: Post, reply: Reply, tally: Tally) -> None:
        tally.accepted.add(post.attempt)
        self.require(len(tally.accepted) == 1, "one challenge was accepted for two attempts")
        self.require(post.attempt == tally.winner, "accepted without being the attempt that consumed it")
        asked = self.known.asked_by[key].members
        for name in ("purpose", "transaction"):
            self.require(post.members.get(name) == asked.get(name), f"accepted for another {name}")
        self.require(post.region == self.known.asked_by[key].region, "accepted in another Region")
        claims = json.loads(base64.urlsafe_b64decode(reply.body["receipt"].split(".")[1] + "=="))
        self.require(claims["email"] == asked["email"] == reply.body["email"], "accepted for another address")
        told = (claims["jti"], claims["purpose"], claims.get("nonce"))
        self.require(told == (key, asked["purpose"], asked.get("nonce")), "the receipt is about something else")
        self.require(tally.claims in (None, claims), "two receipts of one success differ")
        tally.claims = claims

    def _may_repeat(self, post: Post, invocation: Invocation, tally: Tally) -> bool:
        """Say whether this must find its success again: asked after it, within 300 s, the same as it was."""
        if post.attempt != tally.winner or tally.won_at is None:
            return False
        asked = self.known.asked_by[key_of(post.token)]
        same = all(post.members.get(name) == asked.members.get(name) for name in ("purpose", "transaction"))
        after = self._began[post.serial] > tally.won_moment
        return same and after and post.region == asked.region and invocation.began - tally.won_at < REPEATABLE


def _terms(challenge: Challenge) -> tuple[object, ...]:
    return (
        challenge.email,
        challenge.purpose,
        challenge.transaction_hash,
        challenge.code_length,
        challenge.attempts_allowed,
        challenge.latest,
    )
