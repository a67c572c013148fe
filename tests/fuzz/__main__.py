"""Fuzz the HTTP API of two sandboxes, then the parsers: `python -m tests.fuzz --cases N [--seconds S] [--seed X]`.

Exit code 1 if anything was found, or if a run of 10,000 requests or more never met an answer that is documented.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz import deployment, octets
from tests.fuzz.parsers.oracles import ORACLES
from tests.fuzz.planted import MISTAKES, copied
from tests.fuzz.promises import REPOSITORY
from tests.fuzz.signing import signed, unsigned
from tests.fuzz.tally import Tally
from tests.sandboxes import running_sandbox

_SHARES = (("browser", 0.7), ("backend", 0.3))
_DAMAGED = 0.25
_WHOLE_RUN = 10_000
_PLANTED = MISTAKES["an id of eleven digits is read"]


def main(arguments: list[str]) -> int:
    """Run all parts; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=_WHOLE_RUN, help="requests to send at least")
    parser.add_argument("--seconds", type=int, default=60, help="for each parser")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    found = [*_api(chosen.cases, chosen.seed), *_parsers(chosen.seconds, chosen.seed)]
    print("\n".join(found) or "nothing found")
    return bool(found)


def _api(cases: int, seed: int) -> Iterator[str]:
    total, started = Tally(), time.monotonic()
    for mode, share in _SHARES if cases else ():
        with tempfile.TemporaryDirectory() as folder:
            yield from _deployment(mode, int(cases * share), seed, Path(folder), total)
    print(f"{total.requests:,} requests in {time.monotonic() - started:.0f} s\n{total.table()}", flush=True)
    missing = total.missing()
    print("never met: " + (", ".join(missing) or "nothing"), flush=True)
    if cases >= _WHOLE_RUN:
        yield from (f"documented and never met: {each}" for each in missing)


def _deployment(mode: str, cases: int, seed: int, place: Path, total: Tally) -> Iterator[str]:
    with running_sandbox(
        place, {"CallerMode": "backend", "AllowedOrigins": ""} if mode == "backend" else None
    ) as sandbox:
        damaged = int(cases * _DAMAGED)
        sign = signed if mode == "backend" else unsigned
        for finding in octets.fuzz(sandbox.url, cases=damaged, seed=seed, sign=sign, tally=total):
            yield f"{mode}: {finding}"
        rounds = deployment.rounds(sandbox.url, mode=mode, cases=cases - damaged, seed=seed, place=place)
        for number, (exit_code, tally) in enumerate(rounds):
            total.rows += tally.rows
            print(f"{mode}, round {number}: {tally.requests:,} requests", flush=True)
            if exit_code:
                yield (place / f"{mode}-{number}.txt").read_text(encoding="utf-8")


def _parsers(seconds: int, seed: int) -> Iterator[str]:
    """Fuzz every parser; first one with a planted mistake, to see that mistakes are found."""
    with tempfile.TemporaryDirectory() as folder:
        if not _fuzzed(_PLANTED.oracle, max(30, seconds), seed, environment=copied(_PLANTED, Path(folder))):
            yield f"the mistake planted in {_PLANTED.module} was not found"
    for name in ORACLES if seconds else ():
        output = _fuzzed(name, seconds, seed)
        if output:
            yield output


def _fuzzed(name: str, seconds: int, seed: int, environment: object = None) -> str:
    """Return what was found, empty if nothing was."""
    command = [sys.executable, "-m", "tests.fuzz.parsers", name, "--seconds", str(seconds), "--seed", str(seed)]
    run = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False, errors="replace"
    )  # type: ignore[call-overload]
    done = [line for line in run.stderr.splitlines() if line.startswith("Done ")]
    print(f"{name}: {done[0] if done else 'ended early'}", flush=True)
    return "" if run.returncode == 0 else run.stdout + run.stderr[-3000:]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
