"""The Markdown pages as the tests look at them: their tables, code blocks, links, and the names they mention."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.docs.described import REPOSITORY

PAGES = sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md")])
_ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMES = re.compile(r"`([^`]+)`")

type Row = list[str]


def text(page: str) -> str:
    """Return a page of docs/."""
    return (REPOSITORY / "docs" / page).read_text(encoding="utf-8")


def section(page: str, heading: str) -> str:
    """Return what stands under a heading, its own subsections included."""
    level = heading.partition(" ")[0]
    _, found, rest = f"\n{text(page)}".partition(f"\n{heading}\n")
    assert found, f"{page} has no {heading}"
    return re.split(rf"^#{{1,{len(level)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def rows(markdown: str) -> list[Row]:
    """Return the rows of all tables in a text, without their heads."""
    found = [[cell.strip() for cell in line.split("|")] for line in _ROW.findall(markdown)]
    rules = [at for at, row in enumerate(found) if set("".join(row)) == {"-"}]
    heads = {at - 1 for at in rules} | set(rules)
    return [row for at, row in enumerate(found) if at not in heads]


def names(cell: str) -> list[str]:
    """Return what stands between backquotes."""
    return _NAMES.findall(cell)


def blocks(markdown: str, language: str) -> list[str]:
    """Return the code blocks of a language."""
    return [code for kind, code in _FENCE.findall(markdown) if kind == language]


def prose(path: Path) -> str:
    """Return a page without its code blocks."""
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(path: Path) -> Iterator[str]:
    """Yield the relative links of a page."""
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        if not re.match(r"[a-z]+:", target):
            yield target
