"""A copy of the tree in which mutmut may do what it likes: the checkout is only read.

Two things are made to fit mutmut there, without changing what the code does. The core lies in `src/`, the one folder
that mutmut takes for the root of imports; and decorators are written as calls after the function
(`token = property(token)`), because mutmut leaves decorated functions out.
"""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
CORE = REPOSITORY / "layers" / "core" / "otpost"
_COPIED = ("functions", "layers", "tests")
_KEPT_OUT = shutil.ignore_patterns("node_modules", "__pycache__", ".*")
_KEPT_DECORATORS = {"staticmethod", "classmethod"}  # mutmut mutates these as they are

# What lists the sources or starts another interpreter would look at mutmut's rewriting of the code, not at the code.
_ABOUT_THE_SOURCE = ("tests/contract/test_expressions.py", "tests/unit/test_randomness.py")
_SUITES = ("tests/unit", "tests/contract")


def build(place: Path, modules: Sequence[str]) -> None:
    """Fill *place*, an empty folder, with what mutmut needs to mutate *modules* (file names relative to the core)."""
    for name in _COPIED:
        shutil.copytree(REPOSITORY / name, place / name, ignore=_KEPT_OUT)
    shutil.copytree(CORE, place / "src" / "otpost", ignore=_KEPT_OUT)
    for source in (place / "src" / "otpost").rglob("*.py"):
        source.write_text(undecorated(source.read_text(encoding="utf-8")), encoding="utf-8")
    settings = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8") + _settings(modules)
    (place / "pyproject.toml").write_text(settings, encoding="utf-8")


def mutmut(place: Path, *arguments: str) -> int:
    """Run mutmut in *place* and return its exit code; what it prints goes to the terminal."""
    program = Path(sys.executable).with_name("mutmut")
    environment = os.environ | {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([program, *arguments], cwd=place, env=environment, check=False).returncode


def undecorated(source: str) -> str:
    """Return *source* with each decorator of a function as a call after it."""
    lines = source.splitlines(keepends=True)
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef) and _movable(node)]
    for node in sorted(found, key=lambda each: each.lineno, reverse=True):
        call = node.name
        for decorator in reversed(node.decorator_list):
            call = f"{ast.unparse(decorator)}({call})"
        lines.insert(node.end_lineno or node.lineno, f"{' ' * node.col_offset}{node.name} = {call}\n")
        del lines[node.decorator_list[0].lineno - 1 : node.lineno - 1]
    return "".join(lines)


def _movable(node: ast.FunctionDef) -> bool:
    names = {each.id for each in node.decorator_list if isinstance(each, ast.Name)}
    return bool(node.decorator_list) and not names & _KEPT_DECORATORS


def _settings(modules: Sequence[str]) -> str:
    settings = {
        "source_paths": ["src"],
        "only_mutate": [f"src/otpost/{module}" for module in modules],
        "also_copy": ["functions", "layers"],
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-p", "tests.mutants.quickest_first", "--hypothesis-seed=0"]
        + [f"--ignore={each}" for each in _ABOUT_THE_SOURCE],
        "pytest_add_cli_args_test_selection": list(_SUITES),
        "process_isolation": "forkserver",  # a fork of a process that ran tests would inherit what they made, as caches
        "timeout_constant": 60.0,  # seconds; on a busy machine the way to the first test takes long
        "use_git_change_detection": False,
    }
    rows = (
        f"{name} = {str(value).lower() if isinstance(value, bool) else value!r}" for name, value in settings.items()
    )
    return "\n[tool.mutmut]\n" + "\n".join(rows) + "\n"
