"""docs/threat-model.md: every row once, with a status; what is built names a test that names the row."""

import re

import pytest

from tests.docs.described import REPOSITORY
from tests.docs.pages import Row, names, rows, text

ROWS = [row for row in rows(text("threat-model.md")) if re.fullmatch(r"A\d+", row[0])]
NUMBERS = {f"A{number}" for number in range(1, 61)} - {"A19", "A43", "A53"}  # never given to an attack


def test_every_attack_has_one_row() -> None:
    assert sorted(row[0] for row in ROWS) == sorted(NUMBERS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row[0]))
def test_a_row_is_whole(row: Row) -> None:
    _, attack, defence, status, _ = row
    assert attack
    assert defence
    assert re.fullmatch(r"built(; .+)?|partly: .+|not built", status)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row[0]))
def test_the_tests_of_a_row_exist_and_name_it(row: Row) -> None:
    number, _, _, status, cell = row
    for file in names(cell):
        assert re.search(rf"\b{number}\b", (REPOSITORY / file).read_text(encoding="utf-8")), file
    assert names(cell) or status == "not built"
