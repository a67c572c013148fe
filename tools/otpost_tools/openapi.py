"""Generate functions/keys/openapi.json, which the keys function serves, from docs/openapi.yaml.

`python -m otpost_tools.openapi` writes it; with `--check` it only says whether it is up to date (exit code 1 if not).
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

_ROOT = Path(__file__).parents[2]
SOURCE = _ROOT / "docs" / "openapi.yaml"
TARGET = _ROOT / "functions" / "keys" / "openapi.json"


def rendered(source: str) -> str:
    """Return the JSON text of a YAML description: ASCII, indented, in the order of the source."""
    return json.dumps(yaml.safe_load(source), indent=1) + "\n"


def main(arguments: Sequence[str] | None = None, *, source: Path = SOURCE, target: Path = TARGET) -> int:
    """Write *target*, or check it; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m otpost_tools.openapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the JSON is out of date")
    wanted = rendered(source.read_text(encoding="utf-8"))
    if parser.parse_args(arguments).check:
        if target.read_text(encoding="utf-8") == wanted:
            return 0
        print(f"{target.name} is out of date: run python -m otpost_tools.openapi", file=sys.stderr)
        return 1
    target.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
