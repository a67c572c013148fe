"""docs/fault-table.md is what the table says today."""

from tests.faults.enumerating import calls
from tests.faults.page import PAGE, render
from tests.faults.scene import Scene
from tests.faults.table import TABLE


def test_the_page_is_current(scene: Scene) -> None:
    """`python -m tests.faults.page` writes it anew."""
    made = {path.title: calls(path, scene)[1] for path in TABLE}

    assert PAGE.read_text(encoding="utf-8") == render(made)
