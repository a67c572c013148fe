"""Fuzz one parser with atheris, guided by coverage: `python -m tests.fuzz.parsers NAME --seconds S [--seed X]`.

One process for each: atheris instruments modules as they are imported, and ends the process when it finds something.
The corpus is only read; what it grows to is kept in a folder that is thrown away.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["otpost", "idna", "json", "ipaddress"]):
    from tests.fuzz.parsers.oracles import ORACLES

CORPUS = Path(__file__).parent / "corpus"
_LONGEST = 9000  # octets; just beyond the largest body


def main(arguments: list[str]) -> None:
    """Fuzz until the time is over; a finding ends the process with its input, written as Python."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.parsers", description=__doc__)
    parser.add_argument("name", choices=sorted(ORACLES))
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as grown:
        options = [
            f"-max_total_time={chosen.seconds}",
            f"-seed={chosen.seed}",
            f"-max_len={_LONGEST}",
            "-print_final_stats=1",
        ]
        folders = [grown, *(str(folder) for folder in [CORPUS / chosen.name] if folder.is_dir())]
        atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={grown}/", *folders], _telling(chosen.name))
        atheris.Fuzz()


def _telling(name: str) -> Callable[[bytes], None]:
    oracle = ORACLES[name]

    def tried(octets: bytes) -> None:
        try:
            oracle(octets)
        except Exception as error:
            print(f"\nfound by {name}: {error!r}\n    ORACLES[{name!r}]({octets!r})", flush=True)
            raise

    return tried


if __name__ == "__main__":
    main(sys.argv[1:])
