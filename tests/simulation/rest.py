"""The end of a world: no fault is left, what is under way ends, queues run empty, successes are fetched again."""

from collections.abc import Iterable
from datetime import timedelta

from tests.simulation.laws.law import Broken
from tests.simulation.post import Post
from tests.simulation.world import World

MOST_ROUNDS = 40


def come_to_rest(world: World, kept: Iterable[Post]) -> None:
    """Finish what is under way; *kept* are guesses whose success must still be found if they had one."""
    for region in world.regions.values():
        region.mailer.busy = False
    _finish(world)
    for post in kept:
        call = world.ask(post.again())
        _finish(world)
        world.census["successes fetched again at rest"] += call.reply is not None and call.reply.done
    for _ in range(MOST_ROUNDS):
        for name in world.regions:
            world.redrive(name)
        if not any(region.queue.messages for region in world.regions.values()):
            break
        _deliver(world)
    else:
        raise Broken("Rest", "the queue does not run empty although nothing fails")
    world.observer.at_rest()


def _finish(world: World) -> None:
    for late in list(world.late):
        world.land(late)
    while running := world.running():
        world.take(running[0])
    for call in list(world.calls):
        world.answer(call)
    for batch in list(world.batches):
        world.settle(batch)


def _deliver(world: World) -> None:
    waits = []
    for name, region in world.regions.items():
        while visible := region.queue.visible():
            world.receive(name, visible[:5])
            _finish(world)
        waits += [one.visible_at - world.clock.now for one in region.queue.messages]
    if waits:
        world.advance(max(min(waits), timedelta()))
