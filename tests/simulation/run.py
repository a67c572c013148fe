"""One seed from beginning to end: what broke, if anything did, and what happened on the way."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.simulation import laws
from tests.simulation.census import NEVER, outcomes
from tests.simulation.driver import Driver
from tests.simulation.laws.law import Broken, Law
from tests.simulation.laws.quiet import require_quiet
from tests.simulation.plan import drawn
from tests.simulation.region import GENUINE, Build, code_in
from tests.simulation.stage import Stage
from tests.simulation.trace import Trace
from tests.simulation.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The end of one world. *broken* names the law that did not hold, and how."""

    seed: int
    broken: str | None
    census: Counter[str] = field(repr=False)
    trace: Trace = field(repr=False)


def run(stage: Stage, seed: int, build: Build = GENUINE, watch: Iterable[type[Law]] = laws.ALL) -> Run:
    """Live through the world of *seed*."""
    world = World(stage, drawn(str(seed)), build, watch)
    broken = None
    try:
        Driver(world).run()
        _judge_tape(world)
    except Broken as law:
        broken = str(law)
    world.census["seeds"] += 1
    world.census.update(world.observer.known.seen)
    world.census.update(outcomes(stage.tape.getvalue()))
    if broken is None and world.census[NEVER]:
        broken = "Handlers: delivering raised what is no answer"
    return Run(seed=seed, broken=broken, census=world.census, trace=world.trace)


def _judge_tape(world: World) -> None:
    mails = [mail for region in world.regions.values() for mail in region.mailer.sent]
    codes = {code_in(mail.mime) for mail in mails}
    addresses = {"@", *(mail.to.partition("@")[0] + "@" for mail in mails)}
    keys = {post.key for post in world.observer.known.asked_by.values() if post.key}
    require_quiet(world.stage.tape.getvalue(), codes=codes, secrets={*world.observer.ids, *addresses, *keys})
