"""What mutmut found, read from its folder: every mutant by the line that it changed."""

import ast
import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_CODES = {0: "survived", 1: "killed", 3: "killed", 5: "untested", 33: "untested", 36: "timeout", 24: "timeout"}
_CODES |= {-24: "timeout", 152: "timeout", 255: "timeout"}  # the ways in which a processor's limit ends a process
_CLASS_SEPARATOR = "ǁ"
_SENTENCE = re.compile(r"""(["'])[^"']*\w+ \w[^"']* \w[^"']*\1""")


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """A mutant, named by what stays when lines move: its module, its function, and the line before and after."""

    module: str
    function: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One mutant and what became of it: `killed`, `survived`, `timeout`, `untested` or `unfinished`."""

    change: Change
    outcome: str


def read(place: Path) -> Iterator[Result]:
    """Yield all results of the run in *place*."""
    root = place / "mutants" / "src" / "otpost"
    for record in sorted(root.rglob("*.py.meta")):
        source = record.with_suffix("").read_text(encoding="utf-8")
        functions = dict(_functions(source))
        module = str(record.relative_to(root)).removesuffix(".py.meta").replace("/", ".")
        for name, code in json.loads(record.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            change = _change(module, name.rpartition(".")[2], functions)
            yield Result(change=change, outcome=_CODES.get(code, "unfinished"))


def _functions(source: str) -> Iterator[tuple[str, str]]:
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and "__mutmut_" in node.name:
            yield node.name, "\n".join(lines[node.lineno - 1 : node.end_lineno])


def _change(module: str, name: str, functions: Mapping[str, str]) -> Change:
    mangled, _, _ = name.partition("__mutmut_")
    parts = [part for part in mangled.removeprefix("x").split(_CLASS_SEPARATOR) if part]
    function = ".".join(parts) if _CLASS_SEPARATOR in mangled else mangled.removeprefix("x_")
    before, after = _different(functions[f"{mangled}__mutmut_orig"], functions[name])
    return Change(module, function, before, after)


def _different(original: str, mutant: str) -> tuple[str, str]:
    """Return the lines that differ, without the line that names the function, which always does."""
    one, other = ([line.strip() for line in text.splitlines()] for text in (original, mutant))
    one[0], other[0] = (line.partition("(")[2] for line in (one[0], other[0]))
    lines = [line for line in difflib.ndiff(one, other) if line[0] in "+-"]
    return tuple(" ".join(line[2:] for line in lines if line[0] == sign) for sign in "-+")  # type: ignore[return-value]


def is_wording(change: Change) -> bool:
    """Say whether *change* only spells a sentence for people differently: docs/api.md says that those may change."""
    if _sentences(change.before) == 0:
        return False
    unmarked = change.after.replace("XX", "")
    return unmarked.casefold() == change.before.casefold()


def _sentences(line: str) -> int:
    """Count the texts in *line* that have at least three words."""
    return len(_SENTENCE.findall(line))
