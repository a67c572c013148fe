"""The figures of a run."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.mutants.results import Result, is_wording

_OUTCOMES = ("killed", "survived", "timeout", "untested", "unfinished")


def score(results: Iterable[Result]) -> float:
    """Return the share of mutants that are killed, of all that change more than the wording of a sentence."""
    counted = [result.outcome for result in results if not is_wording(result.change)]
    return counted.count("killed") / max(1, len(counted))


def table(results: Sequence[Result]) -> str:
    """Return one line for each module and one for all; wording is a column of its own and not in the others."""
    modules = sorted({result.change.module for result in results})
    rows = [_row(module, [result for result in results if result.change.module == module]) for module in modules]
    head = "".join(f"{name:>11}" for name in ("mutants", *_OUTCOMES, "wording", "score"))
    return "\n".join([f"{'module':20}{head}", *rows, _row("all", results)])


def _row(name: str, results: Sequence[Result]) -> str:
    counted = Counter(result.outcome for result in results if not is_wording(result.change))
    figures = [counted.total(), *(counted[outcome] for outcome in _OUTCOMES), len(results) - counted.total()]
    return f"{name:20}" + "".join(f"{figure:>11,}" for figure in figures) + f"{score(results):>11.1%}"
