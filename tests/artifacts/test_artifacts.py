"""What is deployed: that it starts on its own, and that nothing else comes with it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.artifacts.artifact import RUNTIME, Build
from tests.template.stacks import FUNCTIONS, REPOSITORY, Stack, built, written

# Runs in an interpreter that sees the standard library and nothing else; argv: handler, then the folders of the path.
IMPORT = """
import importlib, json, sys
handler, *folders = sys.argv[1:]
sys.path[:0] = folders
module, _, name = handler.rpartition(".")
assert callable(getattr(importlib.import_module(module), name))
print(json.dumps([str(f) for m in list(sys.modules.values()) if (f := getattr(m, "__file__", None))]))
"""
# An import that called AWS would be refused at once, not wait for a network.
NO_AWS = {
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
}
STRANGERS = re.compile(
    r"(^|/)(tests?|otpost_tools|moto|pytest|_pytest|hypothesis|samtranslator|time_machine|\.git|\.venv[^/]*)(/|$)"
    r"|(^|/)(test_[^/]*|conftest)\.py$"
)


@pytest.fixture(scope="session")
def stack() -> Stack:
    """Return the stack that the artifact belongs to."""
    return built(written())


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def _versions(site_packages: Path) -> dict[str, str]:
    found = (path.name.removesuffix(".dist-info").rpartition("-") for path in site_packages.glob("*.dist-info"))
    return {name.lower().replace("_", "-"): version for name, _, version in found}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_starts_from_its_artifact_alone(artifact: Build, stack: Stack, function: str) -> None:
    """A55: only the artifact, the layers, the declared environment and the standard library."""
    properties = stack.properties(function)
    python = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    folders = [artifact.code(function), *artifact.layers()]
    environment = NO_AWS | {name: str(v) for name, v in properties["Environment"]["Variables"].items()}
    run = subprocess.run(
        [python, "-I", "-S", "-B", "-W", "error", "-c", IMPORT, properties["Handler"], *folders],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    own = tuple(map(str, [*folders, Path(os.__file__).parent]))
    assert [file for file in json.loads(run.stdout) if not file.startswith(own)] == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_ships_its_own_folder_and_nothing_else(artifact: Build, function: str) -> None:
    """A54, A55: no tests, no tools, no other function."""
    verb = function.removesuffix("Function").lower()
    source = REPOSITORY / "functions" / verb
    shipped = _files(artifact.code(function))
    assert shipped == {f"functions/{verb}/{name}" for name in _files(source) if "__pycache__" not in name}


def test_the_core_layer_is_the_core_to_the_last_file(artifact: Build) -> None:
    """A mail template that stayed at home would be missed at the first mail."""
    source = REPOSITORY / "layers" / "core"
    at_home = {name for name in _files(source) if "__pycache__" not in name}
    shipped = artifact.folder / "CoreLayer" / "python"
    assert _files(shipped) == at_home
    assert all((shipped / name).read_bytes() == (source / name).read_bytes() for name in at_home)


def test_no_tests_or_tools_are_shipped(artifact: Build) -> None:
    """A55."""
    assert [name for name in _files(artifact.folder) if STRANGERS.search(name)] == []


@pytest.mark.parametrize("name", ["X/tests/a.py", "X/python/otpost_tools/cli.py", "X/python/moto/__init__.py"])
def test_a_stranger_would_be_found(name: str) -> None:
    """The rule above can fail."""
    assert STRANGERS.search(name)


def test_the_sandbox_runs_the_packages_that_are_deployed(artifact: Build) -> None:
    """A55, practice 15: .venv-runtime and the layer were installed from the same versions."""
    if not RUNTIME.exists():
        reason = "The functions of the sandbox have an environment of their own, .venv-runtime: `make setup` makes it."
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    deployed = _versions(artifact.folder / "DepsLayer" / "python")
    here = _versions(next(RUNTIME.glob("lib/python*/site-packages")))
    assert {"boto3", "aws-lambda-powertools", "pynamodb"} <= set(deployed)
    assert {name: here.get(name) for name in deployed} == deployed


def test_the_layer_is_what_the_lock_says(artifact: Build) -> None:
    """A55: every package pinned, and no other."""
    lock = (REPOSITORY / "layers" / "deps" / "requirements.txt").read_text("utf-8")
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, flags=re.MULTILINE))
    assert _versions(artifact.folder / "DepsLayer" / "python") == pinned


def test_function_and_layers_fit_into_lambda(artifact: Build) -> None:
    """Lambda refuses more than 250 MB unpacked."""
    size = sum(path.stat().st_size for path in artifact.folder.rglob("*") if path.is_file())
    assert size < 250 * 1024 * 1024
