"""How mutants are named, which of them count, and what fails a run."""

import ast
import json
from pathlib import Path

import pytest

from tests.mutants import report, survivors, workplace
from tests.mutants.results import Change, Result, is_wording, read

MUTATED = """
def x_double__mutmut_orig(number: int) -> int:
    wide = number * 2
    return wide


def x_double__mutmut_1(number: int) -> int:
    wide = number / 2
    return wide


class Box:
    def xǁBoxǁfull__mutmut_orig(self, limit: int = 3) -> bool:
        return self.size >= limit

    def xǁBoxǁfull__mutmut_1(self, limit: int = 4) -> bool:
        return self.size >= limit
"""
DOUBLE = Change("code", "double", "wide = number * 2", "wide = number / 2")
FULL = Change("code", "Box.full", "self, limit: int = 3) -> bool:", "self, limit: int = 4) -> bool:")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return the folder of a run of two mutants, of which one survived."""
    folder = tmp_path / "mutants" / "src" / "otpost"
    folder.mkdir(parents=True)
    (folder / "code.py").write_text(MUTATED, encoding="utf-8")
    codes = {"otpost.code.x_double__mutmut_1": 1, "otpost.code.xǁBoxǁfull__mutmut_1": 0}
    (folder / "code.py.meta").write_text(json.dumps({"exit_code_by_key": codes}), encoding="utf-8")
    return tmp_path


def test_a_mutant_is_named_by_its_function_and_the_line_it_changed(place: Path) -> None:
    assert list(read(place)) == [Result(change=DOUBLE, outcome="killed"), Result(change=FULL, outcome="survived")]


def test_a_survivor_that_is_not_known_is_told(place: Path) -> None:
    comparison = survivors.compared(read(place), {}, ["code"])

    assert [result.change for result in comparison.unknown] == [FULL]


def test_a_survivor_that_is_known_passes_and_one_that_is_killed_by_now_is_told(place: Path) -> None:
    comparison = survivors.compared(read(place), {FULL: "why", DOUBLE: "why"}, ["code"])

    assert comparison.unknown == []
    assert comparison.stale == [DOUBLE]


def test_what_is_known_of_other_modules_is_not_stale(place: Path) -> None:
    other = Change("crypto", "equal", "a", "b")

    assert survivors.compared(read(place), {FULL: "why", other: "why"}, ["code"]).stale == []


@pytest.mark.parametrize("outcome", ["timeout", "untested", "unfinished"])
def test_only_a_failing_test_kills(outcome: str) -> None:
    alive = Result(change=DOUBLE, outcome=outcome)

    assert survivors.compared([alive], {DOUBLE: "why"}, ["code"]).unknown == [alive]
    assert report.score([alive]) == 0


def test_the_score_is_the_share_that_is_killed(place: Path) -> None:
    results = list(read(place))

    assert report.score(results) == 0.5
    assert report.table(results).splitlines()[-1].split() == ["all", "2", "1", "1", "0", "0", "0", "0", "50.0%"]


@pytest.mark.parametrize(
    "after", ['fail("XXThe code is wrong.XX")', 'fail("the code is wrong.")', 'fail("THE CODE IS WRONG.")']
)
def test_another_spelling_of_a_sentence_counts_for_nothing(after: str) -> None:
    wording = Result(change=Change("problem", "refused", 'fail("The code is wrong.")', after), outcome="survived")

    assert is_wording(wording.change)
    assert survivors.compared([wording], {}, ["problem"]).unknown == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('fail("The code is wrong.")', "fail(None)"),
        ('"wrong_code"', '"WRONG_CODE"'),
        ('"no-store"', '"XXno-storeXX"'),
        ('fail("The code is wrong.", 1)', 'fail("The code is wrong.", 2)'),
    ],
)
def test_another_word_for_programs_or_a_missing_sentence_counts(before: str, after: str) -> None:
    assert not is_wording(Change("problem", "refused", before, after))


def test_every_known_survivor_is_about_a_line_that_stands_in_its_module() -> None:
    known = survivors.kept()

    assert known
    for change in known:
        source = (workplace.CORE / f"{change.module.replace('.', '/')}.py").read_text(encoding="utf-8")
        lines = " ".join(line.strip() for line in source.splitlines())
        assert change.before.removeprefix("self, ") in lines, change


def test_decorators_become_calls_that_mean_the_same() -> None:
    source = (
        "class Box:\n    @property\n    def size(self) -> int:\n        return 3\n\n    @classmethod\n"
        "    def made(cls) -> 'Box':\n        return cls()\n"
    )

    rewritten = workplace.undecorated(source)

    names: dict[str, type] = {}
    exec(rewritten, names)
    assert "    size = property(size)\n" in rewritten
    assert "    @classmethod\n" in rewritten
    assert names["Box"].made().size == 3  # type: ignore[attr-defined]


@pytest.mark.parametrize("module", sorted(workplace.CORE.rglob("*.py")), ids=lambda path: path.stem)
def test_every_module_of_the_core_can_be_rewritten(module: Path) -> None:
    rewritten = ast.parse(workplace.undecorated(module.read_text(encoding="utf-8")))

    decorated = [n for n in ast.walk(rewritten) if isinstance(n, ast.FunctionDef) and n.decorator_list]
    names = {each.id for node in decorated for each in node.decorator_list if isinstance(each, ast.Name)}
    assert names <= {"staticmethod", "classmethod"}


def test_the_copy_leaves_the_checkout_alone(tmp_path: Path) -> None:
    workplace.build(tmp_path, ["code.py"])

    assert 'only_mutate = ["src/otpost/code.py"]' in (tmp_path / "pyproject.toml").read_text().replace("'", '"')
    assert not (workplace.REPOSITORY / "mutants").exists()
    assert not (workplace.REPOSITORY / "src").exists()
