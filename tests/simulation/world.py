"""A simulated world and the moves that it can make. The driver chooses among them; the laws hold after each."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from otpost.code import derive_code
from tests.fakes.mail import SentMail
from tests.simulation import laws, wording
from tests.simulation.clock import Clock
from tests.simulation.invocation import Invocation
from tests.simulation.laws.law import Law
from tests.simulation.observer import Observer
from tests.simulation.plan import Plan
from tests.simulation.post import Post, Reply, reply_of
from tests.simulation.queue import Message
from tests.simulation.region import GENUINE, Build, Region, build_region
from tests.simulation.stage import Stage
from tests.simulation.step import Fate, Step
from tests.simulation.trace import Trace, key_of
from tests.simulation.underway import LATEST, Batch, Call, Late


class World:
    """Two Regions, their clients' requests, their queues, and what is on its way."""

    def __init__(self, stage: Stage, plan: Plan, build: Build = GENUINE, watch: Iterable[type[Law]] = laws.ALL) -> None:
        stage.clear(plan.seed)
        self.plan, self.stage = plan, stage
        self.clock = Clock(stage.traveller, plan.start)
        self.clock.show(timedelta())
        self.trace = Trace(plan.start)
        self.census: Counter[str] = Counter()
        self.regions: dict[str, Region] = {}
        for name in stage.functions:
            self.regions[name] = build_region(name, stage, plan, self.clock, build)
        self.calls: list[Call] = []
        self.batches: list[Batch] = []
        self.late: list[Late] = []
        self.observer = Observer(self.regions, plan, self.clock, watch)
        self._invocations = 0

    def ask(self, post: Post, skew: timedelta = timedelta()) -> Call:
        """Let a request arrive at its function."""
        handler = self.regions[post.region].functions.handler(post.function)
        invocation = self._invocation(handler, post.region, post.function, skew)
        invocation.post = post
        call = Call(post, invocation)
        self.calls.append(call)
        self._note(invocation, wording.asked(post, self.trace))
        self.census["requests"] += 1
        self.observer.asked(post)
        invocation.start(post.event())
        self._ended(invocation)
        return call

    def receive(self, region: str, messages: list[Message], skew: timedelta = timedelta()) -> Batch | None:
        """Let deliver receive a batch, if one of its environments is free."""
        busy = {batch.deliverer for batch in self.batches if batch.region == region}
        deliverers = self.regions[region].functions.deliverers
        free = next((number for number in range(len(deliverers)) if number not in busy), None)
        if free is None:
            return None
        invocation = self._invocation(deliverers[free].handler, region, "deliver", skew)
        again = sum(1 for message in messages if message.receives)
        self.census["messages redelivered"] += again
        event = self.regions[region].queue.receive(messages)
        batch = Batch(region, event, invocation, free)
        self.batches.append(batch)
        names = ", ".join(self.trace.of_token(message.body) for message in messages)
        self._note(invocation, f"receives {names}")
        invocation.start(event)
        self._ended(invocation)
        return batch

    def take(self, invocation: Invocation, fate: Fate = Fate.DONE) -> None:
        """Let the pending step of *invocation* meet its *fate*, and the invocation run up to its next step."""
        step = invocation.pending
        assert step is not None
        self.census["steps"] += 1
        self.census[f"step {fate}"] += 1
        match fate:
            case Fate.DONE:
                invocation.go_on(self._apply(step, invocation, fate))
            case Fate.TWICE:
                self._apply(step, invocation, fate)
                invocation.go_on(self._apply(step, invocation, fate))
            case Fate.ECHOED:
                answer = self._apply(step, invocation, fate)
                self.late.append(Late(step, invocation, self.clock.now + LATEST))
                invocation.go_on(answer)
            case Fate.ANSWER_LOST:
                self._apply(step, invocation, fate)
                invocation.hear_nothing()
            case Fate.REQUEST_LOST | Fate.LATE:
                self._note(invocation, f"{wording.step(step, self.trace)}: {fate}")
                if fate is Fate.LATE:
                    self.late.append(Late(step, invocation, self.clock.now + LATEST))
                invocation.hear_nothing()
        self._ended(invocation)

    def land(self, late: Late) -> None:
        """Let a step arrive that nobody waits for any more."""
        self.late.remove(late)
        self.census["late steps landed"] += 1
        self._apply(late.step, late.invocation, Fate.LATE)

    def crash(self, invocation: Invocation, why: str = "crash") -> None:
        """End an invocation between two steps."""
        self.census[why] += 1
        self._note(invocation, f"{why}, before {wording.step(invocation.pending, self.trace)}")
        invocation.crash()
        self._ended(invocation)

    def answer(self, call: Call, *, lost: bool = False) -> Reply | None:
        """Let the client hear the reply, or lose it on the way; a client that gives up early hears nothing either."""
        if not call.over:
            self.census["clients that gave up early"] += 1
        if lost and call.reply is not None:
            self.census["replies lost"] += 1
            self._note(call.invocation, "reply lost")
        if call.over:
            self.calls.remove(call)
        return None if lost else call.reply

    def settle(self, batch: Batch, *, lost: bool = False) -> None:
        """Let the queue hear what a batch came to, or not: then all its messages come again."""
        self.batches.remove(batch)
        if lost or batch.invocation.response is None:
            self.census["batches of which the queue heard nothing"] += 1
            return
        again = self.regions[batch.region].queue.settle(batch.event, batch.invocation.response)
        self.census["batches that failed in part"] += 0 < again < len(batch.event["Records"])
        self.census["messages that must come again"] += again
        self.observer.settled(batch.region)

    def redrive(self, region: str) -> None:
        """Put the dead letters back."""
        if moved := self.regions[region].queue.redrive():
            self.census["dead letters redriven"] += moved
            self.trace.add(self.clock.now, region, f"{moved} dead letters put back")

    def advance(self, by: timedelta) -> None:
        """Let time pass. Who runs over their function's timeout die; what is late beyond reason never arrives."""
        self.clock.advance(by)
        self.trace.add(self.clock.now, "", f"{by.total_seconds():.3f} s later")
        self.late = [late for late in self.late if late.until >= self.clock.now]
        for invocation in self.running():
            if invocation.deadline <= self.clock.now:
                self.crash(invocation, "timeout")

    def code(self, token: str) -> str | None:
        """Return the right code of a challenge, as only this world knows it."""
        for region in self.regions.values():
            found = region.challenges.standing.get(key_of(token))
            if found is not None:
                key = region.code_keys.hour_key(self.observer.ids[token].hour)
                names = {"purpose": found.purpose, "transaction_hash": found.transaction_hash}
                return derive_code(key, self.observer.ids[token], **names).digits
        return None

    def inbox(self, address: str) -> list[SentMail]:
        """Return the mails that an address got."""
        return [mail for region in self.regions.values() for mail in region.mailer.sent if mail.to == address]

    def running(self) -> list[Invocation]:
        """Return the invocations that wait for a step."""
        served = [call.invocation for call in self.calls] + [batch.invocation for batch in self.batches]
        return [invocation for invocation in served if invocation.running]

    def _apply(self, step: Step, invocation: Invocation, fate: Fate) -> object:
        answer = step.take()
        self._note(invocation, f"{wording.step(step, self.trace)}: {wording.result(answer)}{wording.unless_done(fate)}")
        self.observer.stepped(step, answer, invocation)
        return answer

    def _ended(self, invocation: Invocation) -> None:
        if invocation.running:
            return
        self.observer.ended(invocation)
        for call in [call for call in self.calls if call.invocation is invocation]:
            call.over = True
            if invocation.response is not None:
                call.reply = reply_of(invocation.response)
                self._note(invocation, wording.replied(call.reply))
                self.observer.said(call.post, invocation, call.reply)

    def _invocation(self, handler: Any, region: str, function: str, skew: timedelta) -> Invocation:
        self._invocations += 1
        name = f"{region[:7]} {function} {self._invocations}"
        return Invocation(name, handler, region=region, function=function, clock=self.clock, skew=skew)

    def _note(self, invocation: Invocation, what: str) -> None:
        self.trace.add(self.clock.now, invocation.name, what)
