"""What a client was told 202 leads to a mail, or is to be seen to have failed: nothing is lost in silence."""

from otpost.challenge import Challenge
from otpost.challenge_id import ChallengeKey
from tests.simulation.invocation import Invocation
from tests.simulation.laws.law import Change, Known, Law
from tests.simulation.laws.mails import HANDINGS
from tests.simulation.post import ISSUE, RESEND, Post, Reply
from tests.simulation.trace import key_of


class Promises(Law):
    """While a promised mail is owed and of use, a message asks for it, or its handings over are used up."""

    def __init__(self, known: Known) -> None:
        super().__init__(known)
        self._promised: dict[str, dict[ChallengeKey, int]] = {name: {} for name in known.regions}
        self._given_up: dict[ChallengeKey, int] = {}
        self._asked: dict[Invocation, int] = {}

    def changed(self, change: Change) -> None:
        """Remember which mail an invocation asked for."""
        if change.old is None or change.new.mails_asked > change.old.mails_asked:
            self._asked[change.by] = change.new.mails_asked

    def said(self, post: Post, invocation: Invocation, reply: Reply) -> None:
        """Remember which mail a client was promised."""
        if reply.status != 202 or post.route not in {ISSUE, RESEND}:
            return
        key = key_of(str(reply.body["challenge_id"]))
        promised = self._promised[invocation.region]
        promised[key] = max(promised.get(key, 0), self._asked.get(invocation, 1))
        self.stepped(invocation.region)

    def stepped(self, region: str) -> None:
        """Look for promises that nothing will keep."""
        standing = self.known.regions[region].challenges.standing
        for key in self._promised[region]:
            if self._owed(region, standing[key]):
                kept = self.known.regions[region].queue.holds(self.known.tokens[key])
                self.require(kept, "a mail was promised, is not sent, and nothing asks for it")

    def settled(self, region: str) -> None:
        """A message is gone: that is fine if its mail has been handed over as often as it may be."""
        challenges = self.known.regions[region].challenges
        for key in self._promised[region]:
            challenge = challenges.standing[key]
            if len(challenges.sends.get(key, ())) >= HANDINGS * challenge.mails_asked:
                self._given_up[key] = challenge.mails_asked
        self.stepped(region)

    def at_rest(self) -> None:
        """With nothing failing any more, what is owed was sent."""
        for region in self.known.regions.values():
            for key in self._promised[region.name]:
                owed = self._owed(region.name, region.challenges.standing[key])
                self.require(not owed, "a promised mail is still owed when all is at rest")

    def _owed(self, region: str, challenge: Challenge) -> bool:
        promised = self._promised[region][challenge.key]
        soonest = self.known.clock.now + self.known.skew  # deliver may see it expire that much before the true instant
        settled = max(challenge.mails_sent, self._given_up.get(challenge.key, 0))
        return settled < promised and challenge.over(soonest) is None
