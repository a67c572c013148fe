"""Every call of every path, failing every way, once and for a while (A57).

Whatever fails, nothing is accepted that should not be, no guess and no send goes uncounted, and nothing gets stuck.
"""

from collections.abc import Iterator

import pytest

from tests.faults.cell import Cell, play
from tests.faults.rows import Path, Row
from tests.faults.scene import Scene
from tests.faults.table import TABLE
from tests.faults.ways import ways_of

ROWS = [pytest.param(path, row, id=f"{path.title}-{row.act.name}") for path in TABLE for row in path.rows]


def cells(path: Path, row: Row) -> Iterator[Cell]:
    """Yield the cells of a row."""
    for way in ways_of(row.act, briefly=path.briefly):
        yield Cell(path=path, row=row, way=way, once=False)
    for way in ways_of(row.act, briefly=True):
        if not path.briefly:
            yield Cell(path=path, row=row, way=way, once=True)


@pytest.mark.parametrize(("path", "row"), ROWS)
def test_what_a_failing_call_leads_to_is_what_the_table_says(path: Path, row: Row, scene: Scene) -> None:
    assert play(cells(path, row), scene) == {}
