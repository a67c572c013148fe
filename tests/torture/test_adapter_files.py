"""Adapter files are read strictly: what is wrong with one is said with its place."""

from pathlib import Path

import pytest

from otpost_tools.torture.adapter import Capture, Source
from otpost_tools.torture.reading import BUILT_IN, read
from otpost_tools.torture.table import AdapterError
from tests.docs.pages import blocks, text
from tests.torture.conftest import HERE, Torture

PLAIN = (HERE / "json_product.toml").read_text()


def test_the_built_in_adapter_declares_what_the_template_and_its_policy_promise() -> None:
    limits = read(BUILT_IN).limits

    assert (limits.attempts_per_code, limits.guesses_per_address) == (5, 93)


def test_the_documented_example_is_read_as_it_is_described(tmp_path: Path) -> None:
    (tmp_path / "example.toml").write_text(blocks(text("torture.md"), "toml")[0])

    adapter = read(tmp_path / "example.toml")

    assert adapter.issue.before[0].capture == {"csrf": Capture(source=Source.COOKIE, what="csrftoken")}
    assert adapter.verify.before[0].method == "GET"
    assert adapter.code.pattern.search("Hello\nABC-DEF\n")
    assert adapter.clock is not None
    assert adapter.resend is None


@pytest.mark.parametrize(
    ("find", "replace", "place"),
    [
        ('version = "1"', 'version = "1"\nvrsion = "2"', "product.vrsion: no such key"),
        ('name = "Small"', "", "product.name: must be a string (it is missing)"),
        ('name = "Small"', "name = 3", "product.name: must be a string"),
        ("[product]", "[produkt]", "[product] is missing"),
        ("attempts_per_code = 4", "attempts_per_code = 0", "limits.attempts_per_code: must be a whole number from 1"),
        ("attempts_per_code = 4", "attempts_per_code = true", "limits.attempts_per_code: must be a whole number"),
        ("attempts_per_code = 4", 'attempts_per_code = "4"', "limits.attempts_per_code: must be a whole number"),
        ("'^([0-9]{6})$'", "'^[0-9]{6}$'", "code.pattern: needs a group"),
        ("'^([0-9]{6})$'", "'^([0-9]{6}$'", "code.pattern: not a regular expression"),
        ("'^([0-9]{6})$'", "'^([0-9]{6})$'\nalphabet = '1'", "code.alphabet: needs two or more"),
        ("'^([0-9]{6})$'", "'^([0-9]{6})$'\nalphabet = '11'", "code.alphabet: needs two or more"),
        ('[inbox]\n', '[inbox]\nnewest = "top"\n', "inbox.newest: must be first or last"),
        ('path = "/issue"', 'path = "issue"', "issue.path: must begin with /"),
        ('path = "/issue"', 'path = "/issue"\nform = { a = "b" }', "issue: has both json and form"),
        ('path = "/issue"', 'path = "/issue"\nreplaces = "no"', "issue.replaces: must be true or false"),
        ('path = "/issue"', 'path = "/issue"\nheaders = { A = 1 }', "issue.headers.A: must be a string"),
        ('path = "/issue"', 'path = "/issue"\nheaders = "A: 1"', "issue.headers: must be a table"),
        ('path = "/issue"', 'path = "/issue"\nbefore = { path = "/" }', "issue.before: must be a list of tables"),
        ('path = "/issue"', 'path = "/issue"\nbefore = [{ path = "/", x = 1 }]', "issue.before[0].x: no such key"),
        ('json = "data.id"', 'json = "data.id", cookie = "id"', "issue.capture.id: needs one of json, cookie"),
        ('{ json = "data.id" }', "{ body = 'x' }", "issue.capture.id.body: needs a group"),
        ('{ json = "data.id" }', '"data.id"', "issue.capture.id: must be a table"),
        ('code = "{code}"', 'code = "{cod}"', "{cod} is used but nothing captures it"),
        ('{ is = "issued", status = 202 }, ', "", "issue.outcome: nothing says what issued looks like"),
        ('{ is = "wrong", status = 401 }', '{ is = "issued", status = 401 }', "verify.outcome[1].is: must be one of"),
        ('{ is = "wrong", status = 401 }', '{ is = "wrong" }', "verify.outcome[1]: fits every answer"),
        ('{ is = "wrong", status = 401 }', '{ is = "wrong", status = "401" }', "verify.outcome[1].status: must be a"),
        ("[product]", "[product", "Expected"),
    ],
)  # fmt: skip
def test_a_flaw_is_refused_with_its_place(tmp_path: Path, find: str, replace: str, place: str) -> None:
    assert find in PLAIN
    (tmp_path / "flawed.toml").write_text(PLAIN.replace(find, replace, 1))

    with pytest.raises(AdapterError) as refused:
        read(tmp_path / "flawed.toml")

    assert place in str(refused.value)
    assert "flawed.toml" in str(refused.value)


def test_the_command_refuses_a_flawed_file_as_wrong_usage(torture: Torture, tmp_path: Path) -> None:
    (tmp_path / "flawed.toml").write_text("[product]")

    told = torture("http://127.0.0.1:1", adapter=tmp_path / "flawed.toml")

    assert told.code == 2
    assert "✘" in told.errors
