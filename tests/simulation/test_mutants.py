"""The simulator can fail: each known mistake is found within a bounded number of worlds, by the law that forbids it."""

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.run import run
from tests.simulation.stage import Stage

MOST_SEEDS = 400


@pytest.mark.parametrize("name", MUTANTS)
def test_a_known_mistake_is_found(here: Stage, name: str) -> None:
    """A1, A2, A3, A6, A10, A11, A47, A49: the defences of these rows are taken away, one at a time."""
    mutant = MUTANTS[name]
    found = (run(here, seed, mutant.build(), (mutant.law,)).broken for seed in range(MOST_SEEDS))
    broken = next(filter(None, found), None)
    assert broken is not None, f"{name} went unnoticed in {MOST_SEEDS} worlds"
    assert broken.startswith(mutant.law.__name__)
