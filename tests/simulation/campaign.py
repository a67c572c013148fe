"""Many seeds, in a few processes at once."""

from collections import Counter
from collections.abc import Generator, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from itertools import batched
from multiprocessing import get_context

from tests.simulation.run import run
from tests.simulation.stage import stage

CHUNK = 50


@dataclass(frozen=True, slots=True)
class Tally:
    """What some seeds came to: how often everything happened, and which seeds broke which law."""

    census: Counter[str] = field(default_factory=Counter)
    broken: dict[int, str] = field(default_factory=dict)


def lived(seeds: Iterable[int]) -> Tally:
    """Run *seeds* in this process, up to the first that breaks a law."""
    tally = Tally()
    with stage() as here:
        for seed in seeds:
            one = run(here, seed)
            tally.census.update(one.census)
            if one.broken is not None:
                tally.broken[seed] = one.broken
                break
    return tally


def campaign(seeds: range, jobs: int) -> Generator[Tally]:
    """Run *seeds* and yield what each part came to, in the order in which they end."""
    if jobs == 1:
        yield from map(lived, batched(seeds, CHUNK, strict=False))
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        parts = [pool.submit(lived, part) for part in batched(seeds, CHUNK, strict=False)]
        try:
            for part in as_completed(parts):
                yield part.result()
        finally:
            pool.shutdown(cancel_futures=True)
