"""All pages: what they link to, name and tell people to type exists."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from otpost_tools.cli import app
from tests.docs.described import REPOSITORY
from tests.docs.pages import PAGES, anchors, links, prose

ADRS = sorted((REPOSITORY / "docs" / "adr").glob("*.md"))
_FILE = re.compile(r"`((?:docs|functions|layers|tests|tools|bench|events|requirements)/[\w./-]+)(?::[\w.]+)?`")
_WORDS = {"otpost": r"(?:\.venv/bin/)?\botpost ([a-z]+)", "make": r"\bmake ([a-z][a-z-]*)\b"}


def _id(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def _typed(path: Path, command: str) -> set[str]:
    """What a page has people type after a command: in code blocks and between backquotes, never in running prose."""
    text = path.read_text(encoding="utf-8")
    code = re.findall(r"^```\w*\n.*?^```$|`[^`\n]+`", text, re.MULTILINE | re.DOTALL)
    return set(re.findall(_WORDS[command], "\n".join(code)))


@pytest.mark.parametrize("page", PAGES, ids=_id)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=_id)
def test_every_file_named_exists(page: Path) -> None:
    for file in _FILE.findall(prose(page)):
        assert (REPOSITORY / file).exists(), file


@pytest.mark.parametrize("page", PAGES, ids=_id)
def test_every_command_named_exists(page: Path) -> None:
    commands = set(getattr(get_command(app), "commands"))  # noqa: B009 - typed as a plain command
    doors = set(re.findall(r"^([a-z-]+):.*##", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    assert _typed(page, "otpost") <= commands
    assert _typed(page, "make") <= doors


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))


@pytest.mark.parametrize("adr", ADRS, ids=_id)
def test_a_decision_says_what_it_costs_and_what_shows_it(adr: Path) -> None:
    text = adr.read_text(encoding="utf-8")
    assert text.startswith(f"# {adr.name[:4]}: ")
    for part in ("Accepted, ", "## Context and problem", "## Decision", "## Consequences", "- Good: ", "- Bad: "):
        assert part in text
    assert _FILE.findall(text.partition("## Confirmation")[2])
