"""Run oracles over the committed corpus, without atheris: `python -m tests.fuzz.parsers.replay [NAME …]`."""

import sys
from collections.abc import Iterable
from pathlib import Path

from tests.fuzz.parsers.oracles import ORACLES

CORPUS = Path(__file__).parent / "corpus"


def findings(names: Iterable[str]) -> list[str]:
    """Return what the oracles of *names* object to in the corpus, with the input as Python."""
    return [
        f"{name}: {found}: {seed.read_bytes()!r}"
        for name in names
        for seed in sorted((CORPUS / name).iterdir())
        if (found := _finding(name, seed)) is not None
    ]


def _finding(name: str, seed: Path) -> str | None:
    try:
        ORACLES[name](seed.read_bytes())
    except Exception as error:  # noqa: BLE001 - any error that an oracle lets through is a finding
        return repr(error)
    return None


if __name__ == "__main__":
    found = findings(sys.argv[1:] or ORACLES)
    print("\n".join(found))
    sys.exit(bool(found))
