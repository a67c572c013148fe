"""Explore one model with spin: translate, compile, search every state, and read what the search says of itself."""

import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

MODELS = Path(__file__).parent
_TIMEOUT_SECONDS = 600
_SEARCH = ("-m100000", "-w22", "-b")  # deepest path; size of the hash table; a path that is deeper is an error
_COMPILE = ("-DSAFETY", "-DCOLLAPSE", "-DMEMLIM=2048")
_NOT_WHOLE = ("max search depth too small", "out of memory", "MEMLIM", "Bit statespace", "hash-table is full")


class Broken(Exception):
    """The model could not be explored at all; the text says what spin or cc said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found. *error* is the first one, None if there is none; *unreached* are statements as file:line."""

    states: int
    transitions: int
    depth: int
    error: str | None
    unreached: frozenset[str]
    seconds: float


def explore(model: str, defines: Sequence[str], *, whole: bool) -> Found:
    """Search *model*, all of it if *whole*, else until the first error, which is then expected to come soon."""
    with tempfile.TemporaryDirectory(prefix="otpost-model-") as folder:
        begun = monotonic()
        said = _search(model, defines, Path(folder), optimise="-O2" if whole else "-O0")
        return _read(said, monotonic() - begun)


def story(model: str, defines: Sequence[str], *, statements: bool) -> str:
    """Return the shortest counter-example: what the model prints along it, with every statement if asked for."""
    with tempfile.TemporaryDirectory(prefix="otpost-model-") as folder:
        _search(model, defines, Path(folder), "-DBFS", optimise="-O2")
        show = ("-p", "-g") if statements else ()
        return _run("spin", "-t", "-T", *show, *_as_options(defines), model, folder=Path(folder), failing=True)


def _search(model: str, defines: Sequence[str], folder: Path, *more: str, optimise: str) -> str:
    for source in MODELS.glob("*.pml"):
        (folder / source.name).write_bytes(source.read_bytes())
    translated = _run("spin", "-a", *_as_options(defines), model, folder=folder)
    if "Error" in translated:
        raise Broken(translated)
    _run("cc", optimise, *_COMPILE, *more, "-o", "pan", "pan.c", folder=folder)
    return _run("./pan", *_SEARCH, folder=folder, failing=True)


def _as_options(defines: Sequence[str]) -> list[str]:
    return [f"-D{define}" for define in defines]


def _run(*command: str, folder: Path, failing: bool = False) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False)
    if done.returncode and not failing:
        raise Broken(done.stdout + done.stderr)
    return done.stdout + done.stderr


def _read(said: str, seconds: float) -> Found:
    if any(sign in said for sign in _NOT_WHOLE) or "Full statespace search" not in said:
        raise Broken(said)
    errors = _number(r"errors: (\d+)", said)
    error = re.search(r"^pan:1: (.+)$", said, re.MULTILINE)
    unreached = re.findall(r"^\t(\w+\.pml:\d+), state \d+, (\".*\")$", said, re.MULTILINE)
    return Found(
        states=_number(r"([\d.e+]+) states, stored", said),
        transitions=_number(r"([\d.e+]+) transitions", said),
        depth=_number(r"depth reached (\d+)", said),
        error=(error.group(1) if error else "an error that spin does not describe") if errors else None,
        unreached=frozenset(line for line, text in unreached if text != '"-end-"'),
        seconds=seconds,
    )


def _number(pattern: str, said: str) -> int:
    found = re.search(pattern, said)
    if found is None:
        raise Broken(said)
    return int(float(found.group(1)))
