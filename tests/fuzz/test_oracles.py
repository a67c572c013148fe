"""The oracles of the parsers, on the corpus: the product passes, and every planted mistake is found."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.parsers.oracles import ORACLES
from tests.fuzz.parsers.replay import CORPUS, findings
from tests.fuzz.planted import MISTAKES, Mistake, copied
from tests.fuzz.promises import REPOSITORY


@pytest.mark.parametrize("name", ORACLES)
def test_the_parser_keeps_its_rules_on_the_corpus(name: str) -> None:
    """A37."""
    assert findings([name]) == []


def test_every_oracle_has_seeds_and_every_folder_an_oracle() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} == set(ORACLES)
    assert {mistake.oracle for mistake in MISTAKES.values()} == set(ORACLES)


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_planted_mistake_is_found(mistake: Mistake, tmp_path: Path) -> None:
    environment = copied(mistake, tmp_path)

    command = [sys.executable, "-m", "tests.fuzz.parsers.replay", mistake.oracle]
    run = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)

    assert run.returncode == 1, run.stderr
    assert run.stdout.startswith(f"{mistake.oracle}: ")
