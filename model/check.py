"""Explore the models: the protocol keeps every promise, each mutant breaks one, and nothing holds for want of trying.

python model/check.py [--only NAME] [--deep]      the table; NAME is a model, a scope, a mutant or a witness
python model/check.py --trail NAME [--statements] the shortest counter-example of a mutant or a witness
"""

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import reduce

from model.runs import DEEP, MUTANTS, SCOPES, Mutant, Witness, scope, witnesses
from model.spin import Broken, Found, explore, story

_AT_ONCE = 2
_ROW = "{:<42} {:>10} {:>12} {:>6} {:>7}  {}"


def defines(of: Mutant | Witness) -> tuple[str, ...]:
    """Return the macros under which a mutant must break its promise, or a witness must be found."""
    if isinstance(of, Mutant):
        return (*scope(of.model, of.scope), f"MUTANT_{of.name}", f"CHECK={of.breaks}")
    return (*scope(of.model, of.scope), f"CHECK={of.name}")


def check(only: str | None, *, deep: bool) -> bool:
    """Explore all that has something to do with *only*, print a line each, and say whether all is as it must be."""
    print(_ROW.format("", "states", "transitions", "depth", "seconds", ""))
    fine = [_protocol(only, deep=deep)]
    killed = _expected("mutants killed", [one for one in MUTANTS if _chosen(only, one.name, one.model)])
    known = [one for one in witnesses() if _chosen(only, one.name, one.model)]
    seen = _expected("outcomes reached", [one for one in known if not one.limit])
    limits = _expected("known limits shown", [one for one in known if one.limit])
    return all([*fine, killed, seen, limits])


def _protocol(only: str | None, *, deep: bool) -> bool:
    fine = True
    for model, scopes in SCOPES.items():
        chosen = scopes | (DEEP.get(model, {}) if deep else {})
        chosen = {name: macros for name, macros in chosen.items() if _chosen(only, name, model)}
        found = _at_once(lambda macros, model=model: explore(model, macros, whole=True), chosen.values())
        for name, one in zip(chosen, found, strict=True):
            _print(f"{model}: {name}", one, one.error or "every promise kept")
        unreached = reduce(frozenset.intersection, [one.unreached for one in found]) if found else frozenset()
        if unreached and len(found) >= len(scopes):
            print(f"  never reached in any scope: {', '.join(sorted(unreached))}")
            fine = False
        fine = fine and not any(one.error for one in found)
    return fine


def _expected(title: str, chosen: Sequence[Mutant] | Sequence[Witness]) -> bool:
    found = _at_once(lambda one: explore(one.model, defines(one), whole=False), chosen)
    for one, result in zip(chosen, found, strict=True):
        _print(f"{one.model}: {one.name}", result, _meaning(one, result))
    reached = sum(result.error is not None and "assertion violated" in result.error for result in found)
    if chosen:
        print(f"{title}: {reached} of {len(chosen)}")
    return reached == len(chosen)


def _meaning(one: Mutant | Witness, found: Found) -> str:
    if found.error is None:
        return "SURVIVED" if isinstance(one, Mutant) else "NEVER HAPPENS"
    if isinstance(one, Mutant):
        return f"breaks {one.breaks}"
    return one.limit or "happens"


def _print(name: str, found: Found, meaning: str) -> None:
    print(_ROW.format(name, found.states, found.transitions, found.depth, f"{found.seconds:.1f}", meaning), flush=True)


def _at_once[One](act: Callable[[One], Found], ones: Iterable[One]) -> list[Found]:
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return list(pool.map(act, ones))


def _chosen(only: str | None, *names: str) -> bool:
    return only is None or any(only in {name, name.removesuffix(".pml")} for name in names)


def trail(name: str, *, statements: bool) -> bool:
    """Print the shortest counter-example of the mutant or witness *name*."""
    chosen = [one for one in (*MUTANTS, *witnesses()) if one.name == name]
    for one in chosen:
        print(f"{one.model}, {one.scope}: {' '.join(defines(one))}")
        print(story(one.model, defines(one), statements=statements))
    if not chosen:
        print(f"There is no mutant or witness {name}.", file=sys.stderr)
    return bool(chosen)


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="NAME")
    parser.add_argument("--trail", metavar="NAME")
    parser.add_argument("--statements", action="store_true", help="with --trail: every statement, every variable")
    parser.add_argument("--deep", action="store_true", help="explore the larger scopes, too")
    asked = parser.parse_args()
    missing = [tool for tool in ("spin", "cc") if shutil.which(tool) is None]
    if missing:
        print(f"skipped: {' and '.join(missing)} not found; on Debian `apt-get install spin gcc libc6-dev`")
        return int(os.environ.get("CI") == "true")
    try:
        fine = trail(asked.trail, statements=asked.statements) if asked.trail else check(asked.only, deep=asked.deep)
    except Broken as broken:
        print(broken, file=sys.stderr)
        return 1
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())
