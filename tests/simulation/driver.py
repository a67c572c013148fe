"""The seeded scheduler: who goes on, what fails, what is late, when time passes; then rest, with no fault left."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from tests.simulation import actors
from tests.simulation.actors.cast import ADDRESSES, Cast, Script, seconds
from tests.simulation.actors.claimant import claimant
from tests.simulation.invocation import Invocation
from tests.simulation.post import Post, Reply
from tests.simulation.region import Region
from tests.simulation.rest import come_to_rest
from tests.simulation.step import Fate, fates
from tests.simulation.underway import Batch, Call
from tests.simulation.world import World

MOST_MOVES = 1500
_JUMPS = (40, 100, 300, 900, 3600, 90_000)

type Move = Callable[[], None]


@dataclass(slots=True, eq=False)
class Actor:
    """A script under way: it waits for an answer, until an instant, or has ended."""

    script: Script
    ready_at: datetime
    asks: Post | None = None
    call: Call | None = None
    done: bool = False


class Driver:
    """Runs one world. Every choice is the seed's."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._dice = random.Random(f"driver {world.plan.seed}")
        self.cast = Cast(world, self._dice, self._addresses())
        begins = world.clock.now
        count = self._dice.randint(1, 5)
        scripts = [claimant, *self._dice.choices(actors.ALL, k=count)]
        self._actors = [Actor(script(self.cast), begins) for script in scripts]
        for actor in self._actors:
            self._hear(actor, None)

    def run(self) -> None:
        """Let it all happen."""
        for _ in range(MOST_MOVES):
            if not self._move():
                break
        come_to_rest(self.world, self.cast.kept)

    def _addresses(self) -> tuple[str, ...]:
        return tuple(self._dice.sample(ADDRESSES, k=self._dice.randint(1, 3)))

    def _move(self) -> bool:
        moves = self._moves()
        if not moves:
            return self._wait()
        if self._chance(0.12):
            self.world.advance(seconds(self._dice.choice((0.001, 0.02, 0.1, 0.4, 2, 9))))
        elif self._chance(self.world.plan.jump):
            self.world.census["clock jumps"] += 1
            self.world.advance(seconds(self._dice.choice(_JUMPS)))
        else:
            self._dice.choice(moves)()
        return True

    def _moves(self) -> list[Move]:
        world = self.world
        moves: list[Move] = [partial(self._step, one) for one in world.running() if self._hurries(one)]
        moves += [partial(self._begin, one) for one in self._actors if self._ready(one)]
        moves += [partial(self._answer, one) for one in self._actors if one.call and one.call.over]
        moves += [partial(self._settle, one) for one in world.batches if not one.invocation.running]
        moves += [partial(world.land, one) for one in world.late]
        moves += [partial(self._receive, name) for name, region in world.regions.items() if self._has_mail(region)]
        waiting = [one for one in self._actors if one.call and not one.call.over]
        if waiting and self._chance(world.plan.reply_lost / 20):
            moves.append(partial(self._answer, self._dice.choice(waiting)))
        return moves

    def _hurries(self, invocation: Invocation) -> bool:
        return invocation.function != self.world.plan.slow or self._chance(0.3)

    def _has_mail(self, region: Region) -> bool:
        queue = region.queue
        return bool(queue.dead or queue.visible() or (queue.messages and self._chance(self.world.plan.redelivered)))

    def _ready(self, actor: Actor) -> bool:
        return not actor.done and actor.call is None and actor.ready_at <= self.world.clock.now

    def _begin(self, actor: Actor) -> None:
        if actor.asks is None:
            self._hear(actor, None)
            return
        skew = self.world.plan.skew * self._dice.choice((-1, 0, 0, 1))
        actor.call = self.world.ask(actor.asks, skew)

    def _hear(self, actor: Actor, reply: Reply | None) -> None:
        """Tell the script what it waited for, and note what it wants next."""
        actor.call = actor.asks = None
        try:
            wants = actor.script.send(reply)
        except StopIteration:
            actor.done = True
            return
        if isinstance(wants, timedelta):
            actor.ready_at = self.world.clock.now + wants
        else:
            actor.asks = wants

    def _answer(self, actor: Actor) -> None:
        assert actor.call is not None
        lost = not actor.call.over or self._chance(self.world.plan.reply_lost)
        self._hear(actor, self.world.answer(actor.call, lost=lost))

    def _step(self, invocation: Invocation) -> None:
        plan, step = self.world.plan, invocation.pending
        assert step is not None
        if self._chance(plan.crash):
            self.world.crash(invocation)
            return
        self.world.regions[invocation.region].mailer.busy = self._chance(plan.throttled)
        fate = next((fate for fate in fates(step) if self._chance(plan.fates[fate])), Fate.DONE)
        self.world.take(invocation, fate)

    def _settle(self, batch: Batch) -> None:
        self.world.settle(batch, lost=self._chance(self.world.plan.settling_lost))

    def _receive(self, region: str) -> None:
        queue = self.world.regions[region].queue
        visible = queue.visible()
        if self._chance(self.world.plan.redelivered):
            visible += queue.hidden()
        if visible:
            chosen = self._dice.sample(visible, k=min(len(visible), self._dice.randint(1, 5)))
            self.world.receive(region, chosen, self.world.plan.skew * self._dice.choice((-1, 0, 0, 1)))
        if queue.dead and self._chance(0.1):
            self.world.redrive(region)

    def _wait(self) -> bool:
        """Let time pass until somebody acts, if anybody ever will."""
        ready = [one.ready_at for one in self._actors if not one.done]
        if self.world.running():
            ready.append(self.world.clock.now + seconds(1))
        if not ready:
            return False
        ready += [one.visible_at for region in self.world.regions.values() for one in region.queue.hidden()]
        self.world.advance(max(min(ready) - self.world.clock.now, timedelta()))
        return True

    def _chance(self, rate: float) -> bool:
        return rate > 0 and self._dice.random() < rate
