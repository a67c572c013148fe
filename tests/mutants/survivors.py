"""The mutants that no test kills and none need: survivors.toml, each with its reason."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.results import Change, Result, is_wording

SURVIVORS = Path(__file__).with_name("survivors.toml")


def kept(path: Path = SURVIVORS) -> dict[Change, str]:
    """Return why each known survivor is kept."""
    groups = tomllib.loads(path.read_text(encoding="utf-8"))["kept"]
    return {Change(*mutant): group["why"] for group in groups for mutant in group["mutants"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a run found against what is known; *stale* are the known ones that are killed or gone by now."""

    unknown: list[Result]
    stale: list[Change]


def compared(results: Iterable[Result], known: Mapping[Change, str], modules: Iterable[str]) -> Comparison:
    """Compare the results of *modules* with *known*: what is not killed must be known, unless it is only wording."""
    counted = [result for result in results if not is_wording(result.change)]
    alive = [result for result in counted if result.outcome != "killed"]
    unknown = [result for result in alive if result.outcome != "survived" or result.change not in known]
    gone = {change for change in known if change.module in set(modules)} - {result.change for result in alive}
    return Comparison(unknown=unknown, stale=sorted(gone))
