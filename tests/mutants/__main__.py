"""Mutation testing of the core: `python -m tests.mutants [--paths code.py aws/keys.py …] [--jobs 2]`.

Exit code 1 if a mutant lives that survivors.toml does not know, or if fewer than 95 % are killed.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.mutants import report, results, survivors, workplace

_BAR = 0.95
_NOTHING_TO_MUTATE = {"__init__.py", "aws/__init__.py", "ports.py"}


def main(arguments: Sequence[str]) -> int:
    """Run mutmut on a copy, compare, print; return the exit code."""
    everything = sorted(str(path.relative_to(workplace.CORE)) for path in workplace.CORE.rglob("*.py"))
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--paths", nargs="*", choices=everything, metavar="MODULE", help="files of the core; else all")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    chosen = parser.parse_args(arguments)
    modules = chosen.paths or [path for path in everything if path not in _NOTHING_TO_MUTATE]
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="otpost-mutants-") as folder:
        workplace.build(Path(folder), modules)
        if workplace.mutmut(Path(folder), "run", "--max-children", str(chosen.jobs)):
            print("mutmut did not end well", file=sys.stderr)
            return 1
        found = list(results.read(Path(folder)))
    print(f"\n{report.table(found)}\n{time.monotonic() - started:.0f} s")
    return _judged(found, [path.removesuffix(".py").replace("/", ".") for path in modules])


def _judged(found: Sequence[results.Result], modules: Sequence[str]) -> int:
    comparison = survivors.compared(found, survivors.kept(), modules)
    for result in comparison.unknown:
        change = result.change
        print(f"\n{result.outcome}: {change.module} {change.function}\n  - {change.before}\n  + {change.after}")
    for change in comparison.stale:
        print(f"\nin survivors.toml, and killed or gone: {change}")
    return bool(comparison.unknown) or report.score(found) < _BAR


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
