"""`python -m tests.simulation`: run many simulated worlds, or tell one again."""

import argparse
import os
import sys
import time
from collections import Counter

from tests.simulation import census
from tests.simulation.campaign import campaign
from tests.simulation.run import run
from tests.simulation.stage import stage

ENOUGH = 1000
"""From this many seeds on, every kind of fault and outcome must have occurred."""


def main() -> int:
    """Run what the command line asks for; return 0 if every law held."""
    options = _options()
    if options.seed is not None:
        return _tell(options.seed, whole=True)
    seeds = range(options.first, options.first + options.seeds)
    began, counted = time.perf_counter(), Counter[str]()
    for part in campaign(seeds, options.jobs):
        counted.update(part.census)
        _progress(counted["seeds"], len(seeds), began)
        if part.broken:
            sys.stderr.write("\n")
            return _tell(min(part.broken), whole=options.verbose)
    sys.stderr.write("\n")
    return _summarize(counted, time.perf_counter() - began)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=ENOUGH, help="how many worlds to run")
    parser.add_argument("--from", type=int, default=0, dest="first", metavar="SEED", help="the first of them")
    parser.add_argument("--seed", type=int, help="tell this one world, step by step")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="processes at once")
    parser.add_argument("--verbose", action="store_true", help="tell a failing world from its beginning")
    return parser.parse_args()


def _tell(seed: int, *, whole: bool) -> int:
    with stage() as here:
        one = run(here, seed)
    lines = one.trace.lines()
    print(*(lines if whole else lines[-60:]), sep="\n")
    print(f"\nseed {seed}: {one.broken or 'every law held'}")
    print(f"fingerprint {one.trace.digest()[:16]}; tell it again: python -m tests.simulation --seed {seed}")
    return 1 if one.broken else 0


def _progress(done: int, of: int, began: float) -> None:
    each = done / (time.perf_counter() - began)
    sys.stderr.write(f"\r{done:,} of {of:,} seeds, {each:.0f} a second ")
    sys.stderr.flush()


def _summarize(counted: Counter[str], took: float) -> int:
    for kind, number in sorted(counted.items()):
        print(f"{number:12,}  {kind}")
    print(f"\n{counted['seeds']:,} worlds in {took:.0f} s, {counted['seeds'] / took:.1f} a second: every law held.")
    never = census.missing(counted)
    if counted["seeds"] >= ENOUGH and never:
        print("But it shows too little, for this never happened:", *never, sep="\n  ")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
