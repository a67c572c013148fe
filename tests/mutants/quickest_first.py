"""A pytest plugin for the runs of mutmut: of the tests that reach a mutant, the quickest come first."""

import json
import sys
from pathlib import Path

import pytest

_STATISTICS = Path("mutmut-stats.json")  # in mutmut's folder, where its tests run; not there before its first run


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Sort by the time that each took when nothing was mutated; most mutants are killed by a test that takes none.

    Tests with an AWS account keep their order and come last: each module shares one, which takes longer than a test.
    """
    if _STATISTICS.exists():
        took = json.loads(_STATISTICS.read_text(encoding="utf-8"))["duration_by_test"]
        items.sort(
            key=lambda item: (True, 0.0) if "_account" in item.fixturenames else (False, took.get(item.nodeid, 0.0))
        )


def pytest_collection_finish() -> None:
    """Empty the caches of the code under test: what tests made when they were collected, no mutant has made."""
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] == "otpost"]
    for module in modules:
        for value in vars(module).values():
            if callable(clear := getattr(value, "cache_clear", None)):
                clear()
