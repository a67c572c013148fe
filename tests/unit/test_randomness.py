"""Where randomness comes from: one module, the operating system, and never at import."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from otpost import crypto

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*ROOT.glob("layers/core/**/*.py"), *ROOT.glob("functions/**/*.py")])
NAMES = [str(source.relative_to(ROOT)) for source in SOURCES]
BANNED = {"random", "numpy", "uuid", "time"}
SECRET = {"secrets", "hmac"}
ENTROPY = {"secrets", "crypto", "hmac", "urandom", "getrandom", "SystemRandom"}


def tree(source: Path) -> ast.Module:
    return ast.parse(source.read_text(encoding="utf-8"))


def imported(module: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def run_at_import(module: ast.Module) -> Iterator[ast.AST]:
    """Yield every node that is evaluated when the module is imported: all but the bodies of functions."""
    waiting: list[ast.AST] = list(module.body)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
        elif not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def draws_entropy(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    return bool({each.id for each in ast.walk(node.func) if isinstance(each, ast.Name)} & ENTROPY) or bool(
        {each.attr for each in ast.walk(node.func) if isinstance(each, ast.Attribute)} & ENTROPY
    )


def test_there_are_sources_to_look_at() -> None:
    assert {"layers/core/otpost/crypto.py", "functions/issue/app.py", "layers/core/otpost/aws/keys.py"} <= set(NAMES)


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_no_module_imports_a_predictable_generator(source: Path) -> None:
    """A12: no random, numpy, uuid; time only to sleep between the tries of a transaction."""
    banned = imported(tree(source)) & BANNED

    assert banned <= ({"time"} if source.name == "transactions.py" else set())


def test_the_one_module_that_imports_time_only_sleeps() -> None:
    """A12."""
    module = tree(ROOT / "layers/core/otpost/aws/transactions.py")
    uses = [
        node.attr
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "time"
    ]

    assert set(uses) == {"sleep"}


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_secrets_and_macs_are_used_in_one_module(source: Path) -> None:
    """A12: what can be got wrong stands where it can be read at once."""
    assert source.name == "crypto.py" or not imported(tree(source)) & SECRET


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_nothing_random_is_drawn_at_import(source: Path) -> None:
    """A13: SnapStart clones a process after its import."""
    assert not [ast.unparse(node) for node in run_at_import(tree(source)) if draws_entropy(node)]


@pytest.mark.parametrize(
    "text",
    [
        "TOKEN = secrets.token_bytes(16)",
        "TOKEN = crypto.fresh_entropy()",
        "class A:\n    token = os.urandom(16)",
        "def a(token=secrets.token_hex()): ...",
        "@dataclass\nclass A:\n    token: bytes = crypto.fresh_entropy()",
        "if True:\n    seed = [crypto.jitter() for _ in range(3)]",
    ],
)
def test_the_check_finds_what_is_drawn_at_import(text: str) -> None:
    assert any(draws_entropy(node) for node in run_at_import(ast.parse(text)))


@pytest.mark.parametrize("text", ["def a():\n    return secrets.token_bytes(16)", "a = lambda: crypto.jitter()"])
def test_the_check_lets_through_what_is_drawn_later(text: str) -> None:
    assert not any(draws_entropy(node) for node in run_at_import(ast.parse(text)))


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_only_the_doors_and_telemetry_read_the_environment(source: Path) -> None:
    reads = any(isinstance(node, ast.Attribute) and node.attr == "environ" for node in ast.walk(tree(source)))

    assert not reads or source.name in {"app.py", "telemetry.py"}


CLONES = """
import os, otpost.crypto, otpost.code, otpost.issuing, otpost.verifying, otpost.delivering
for _ in range(2):
    child = os.fork()
    if child == 0:
        os.write(1, (otpost.crypto.fresh_entropy().hex() + "\\n").encode())
        os._exit(0)
    os.waitpid(child, 0)
print(otpost.crypto.fresh_entropy().hex())
"""


def test_clones_of_one_process_draw_different_ids() -> None:
    """A12, A13."""
    finished = subprocess.run([sys.executable, "-c", CLONES], capture_output=True, text=True, check=True)

    drawn = finished.stdout.split()
    assert len(drawn) == len(set(drawn)) == 3
    assert all(len(entropy) == 32 for entropy in drawn)


def test_entropy_has_128_bits_and_does_not_repeat() -> None:
    """A12."""
    drawn = {crypto.fresh_entropy() for _ in range(1000)}

    assert len(drawn) == 1000
    assert {len(entropy) for entropy in drawn} == {16}


def test_jitter_is_a_fraction_that_varies() -> None:
    drawn = [crypto.jitter() for _ in range(200)]

    assert all(0 <= fraction < 1 for fraction in drawn)
    assert len(set(drawn)) > 20


def test_fields_that_only_differ_in_where_they_end_are_bound_apart() -> None:
    bound = {crypto.bind(b"k", *fields) for fields in (("ab", "c"), ("a", "bc"), ("abc",), ("", "abc"), ("abc", ""))}

    assert len(bound) == 5


def test_text_and_its_utf_8_are_bound_alike() -> None:
    assert crypto.bind(b"k", "é") == crypto.bind(b"k", "é".encode())


def test_comparison_goes_through_compare_digest() -> None:
    """Python's == returns at the first difference; only hmac.compare_digest takes the same time for all."""
    module = tree(ROOT / "layers/core/otpost/crypto.py")
    equal = next(node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == "equal")
    matches = (ROOT / "layers/core/otpost/code.py").read_text(encoding="utf-8")

    assert ast.unparse(equal.body[-1]).startswith("return hmac.compare_digest(")
    assert "return crypto.equal(self.digits, guess.digits)" in matches


@pytest.mark.parametrize(("one", "other", "same"), [("", "", True), ("123", "123", True), ("123", "124", False)])
def test_equal_compares_text(one: str, other: str, same: bool) -> None:  # noqa: FBT001
    assert crypto.equal(one, other) is same
