"""The table has a row for every call that the handlers make on its paths, and none for a call that they do not make."""

import pytest

from tests.faults.acts import Act
from tests.faults.enumerating import calls
from tests.faults.rows import Path
from tests.faults.scene import Scene
from tests.faults.table import TABLE
from tests.functional.stack import FUNCTIONS, ROOT


@pytest.mark.parametrize("path", TABLE, ids=lambda path: path.title)
def test_the_rows_of_a_path_are_the_calls_it_makes(path: Path, scene: Scene) -> None:
    """A57: a call without a row is one whose failing nobody has thought about."""
    answer, made = calls(path, scene)

    assert answer == path.answer
    assert set(made) == path.acts


def test_every_kind_of_call_is_in_the_table() -> None:
    assert {act for path in TABLE for act in path.acts} == set(Act)


def test_every_function_and_route_is_in_the_table() -> None:
    on_disk = {path.parent.name for path in ROOT.glob("functions/*/app.py")}
    titles = {path.title.partition(",")[0] for path in TABLE}

    assert {path.function for path in TABLE} == on_disk
    assert titles == {"deliver", *(_title(route) for route in FUNCTIONS)}


def _title(route: str) -> str:
    if route.startswith("GET"):
        return route
    return "issue" if route.endswith("/challenges") else route.rpartition("/")[2]
