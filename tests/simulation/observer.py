"""Watches a world from outside: compares the stores before and after each step, and tells the laws."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from otpost.challenge import Challenge
from otpost.challenge_id import ChallengeId, ChallengeKey
from otpost.ports import Sending
from tests.fakes.mail import SentMail
from tests.simulation.clock import Clock
from tests.simulation.invocation import Invocation
from tests.simulation.laws.law import Broken, Change, Known, Law
from tests.simulation.plan import Plan
from tests.simulation.post import ISSUE, Post, Reply
from tests.simulation.step import Step
from tests.simulation.trace import key_of

if TYPE_CHECKING:
    from tests.simulation.region import Region


class Observer:
    """Tells the laws what happened. *ids* are the challenge ids that clients were given."""

    def __init__(self, regions: Mapping[str, "Region"], plan: Plan, clock: Clock, watch: Iterable[type[Law]]) -> None:
        self.known = Known(regions, plan.policy, clock, plan.skew)
        self.ids: dict[str, ChallengeId] = {}
        self._laws = [law(self.known) for law in watch]
        self._challenges: dict[str, dict[ChallengeKey, Challenge]] = {name: {} for name in regions}
        self._leases: dict[str, dict[ChallengeKey, tuple[bytes, datetime]]] = {name: {} for name in regions}
        self._streaks: dict[str, dict[str, frozenset[bytes]]] = {name: {} for name in regions}
        self._handed = dict.fromkeys(regions, 0)

    def asked(self, post: Post) -> None:
        """A request arrives."""
        self.known.moment += 1
        for law in self._laws:
            law.asked(post)

    def stepped(self, step: Step, answer: object, by: Invocation) -> None:
        """Compare what stands now with what stood before *step*."""
        self.known.moment += 1
        region = self.known.regions[by.region]
        for name in self.known.regions:
            self._see_challenges(name, by)
        self._see_leases(region, step, by)
        self._see_streaks(region, by)
        self._see_mail(region, step, answer, by)
        for law in self._laws:
            law.stepped(region.name)

    def said(self, post: Post, invocation: Invocation, reply: Reply) -> None:
        """A function has answered."""
        self.known.moment += 1
        if post.route == ISSUE and reply.done:
            self._learn(str(reply.body["challenge_id"]))
        for law in self._laws:
            law.said(post, invocation, reply)

    def ended(self, invocation: Invocation) -> None:
        """An invocation has ended; nothing but its death may end it without a response."""
        if invocation.error is not None:
            raise Broken("Handlers", f"{invocation.function} raised {invocation.error!r}") from invocation.error

    def settled(self, region: str) -> None:
        """The queue forgot messages."""
        for law in self._laws:
            law.settled(region)

    def at_rest(self) -> None:
        """Nothing is under way any more."""
        for law in self._laws:
            law.at_rest()

    def _learn(self, token: str) -> None:
        parsed = ChallengeId.parse(token, region=_region_in(token, self.known), now=self.known.clock.now)
        if parsed is None:
            raise Broken("Ids", "an id was given out that nobody can read")
        self.ids[token] = parsed
        self.known.tokens[key_of(token)] = token

    def _see_challenges(self, name: str, by: Invocation) -> None:
        seen = self._challenges[name]
        for key, new in self.known.regions[name].challenges.standing.items():
            old = seen.get(key)
            if old is new:
                continue
            seen[key] = new
            if old is None and by.post is not None:
                self.known.asked_by.setdefault(key, by.post)
            for law in self._laws:
                law.changed(Change(region=name, old=old, new=new, by=by))

    def _see_leases(self, region: "Region", step: Step, by: Invocation) -> None:
        seen, leases = self._leases[region.name], region.challenges.leases
        if seen == leases:
            return
        for key in [key for key, lease in leases.items() if seen.get(key) != lease]:
            for law in self._laws:
                law.leased(region.name, region.challenges.standing[key], step.named.get("now", by.began), by)
        self._leases[region.name] = dict(leases)

    def _see_streaks(self, region: "Region", by: Invocation) -> None:
        seen = self._streaks[region.name]
        for identity in sorted({*region.identities.streaks, *seen}):
            after = frozenset(region.identities.streaks.get(identity, ()))
            before = seen.get(identity, frozenset())
            if before != after:
                seen[identity] = after
                for law in self._laws:
                    law.failed(region.name, identity, before, after, by)

    def _see_mail(self, region: "Region", step: Step, answer: object, by: Invocation) -> None:
        for mail in self._new_mails(region):
            for law in self._laws:
                law.handed(region.name, mail, by)
        if isinstance(answer, Sending) and answer is not Sending.SENT:
            for law in self._laws:
                law.refused(region.name, step.named["key"], answer)

    def _new_mails(self, region: "Region") -> Iterator[SentMail]:
        sent = region.mailer.sent
        new, self._handed[region.name] = sent[self._handed[region.name] :], len(sent)
        return iter(new)


def _region_in(token: str, known: Known) -> str:
    return next((name for name in known.regions if ChallengeId.parse(token, region=name, now=known.clock.now)), "")
