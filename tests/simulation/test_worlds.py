"""Whole worlds: every promise holds in them, and they are not empty."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.simulation import census
from tests.simulation.run import run
from tests.simulation.stage import Stage

ROOT = Path(__file__).parents[2]
FEW = 150
_ALWAYS = ("accepted", "repeated", "wrong_code", "exhausted", "expired", "consumed")


def test_every_law_holds_in_worlds_where_everything_fails_that_can(here: Stage) -> None:
    """A1, A2, A3, A10, A18, A24, A47, A49, A57: no success twice, no guess too many, nothing lost, in any order."""
    happened = Counter[str]()
    for seed in range(FEW):
        one = run(here, seed)
        assert one.broken is None, f"{one.broken}: python -m tests.simulation --seed {seed}"
        happened.update(one.census)
    assert [kind for kind in census.EVENTS if not happened[kind]] == []
    assert [reason for reason in _ALWAYS if not happened[f"Attempts: {reason}"]] == []
    assert happened["Mails: sent"] > FEW


def test_a_seed_tells_the_same_story_in_every_process() -> None:
    stories = {_told_in_a_process(seed="7", hash_seed=hash_seed) for hash_seed in ("1", "2")}
    assert len(stories) == 1
    assert len(stories.pop().splitlines()) > 50


def test_a_seed_tells_the_same_story_after_others_have_been_told(here: Stage) -> None:
    first = run(here, 7).trace.lines()
    run(here, 8)
    assert run(here, 7).trace.lines() == first
    assert run(here, 8).trace.lines() != first


def test_a_run_in_which_something_never_happened_says_what() -> None:
    seen = Counter(dict.fromkeys(census.EXPECTED, 1))
    assert census.missing(seen) == []
    del seen["Attempts: repeated"]
    assert census.missing(seen) == ["Attempts: repeated"]


@pytest.mark.parametrize("kind", ["Attempts: accepted", "Mails: given_up", "step late", "timeout"])
def test_what_is_expected_is_named_as_it_is_counted(kind: str) -> None:
    assert kind in census.EXPECTED


def _told_in_a_process(*, seed: str, hash_seed: str) -> str:
    told = subprocess.run(
        [sys.executable, "-m", "tests.simulation", "--seed", seed],
        cwd=ROOT,
        env={"PYTHONHASHSEED": hash_seed, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.search(rf"seed {seed}: every law held", told.stdout)
    return told.stdout
