"""`python -m tests.containers`: every function by `sam local`, in real containers, against a sandbox."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.artifacts.artifact import ARCHITECTURE, Build, build
from tests.containers import engine, namespaces, suite
from tests.containers.engine import DOCKER, PODMAN, Engine, NoEngineError
from tests.containers.sam import Sam


def main() -> int:
    """Return 0 if all was answered as expected, or nothing here runs containers; 1 if not, or if CI lacks an engine."""
    parser = argparse.ArgumentParser(prog="python -m tests.containers", description=__doc__)
    parser.add_argument("--inside", type=Path, metavar="FOLDER", help="(what is run in namespaces of its own)")
    inside: Path | None = parser.parse_args().inside
    if inside is not None:
        return _run(PODMAN, inside)
    try:
        chosen = engine.chosen()
    except NoEngineError as error:
        print(f"✘ {error}" if os.environ.get("CI") == "true" else f"Skipped: {error}")
        return int(os.environ.get("CI") == "true")
    with tempfile.TemporaryDirectory(prefix="otpost-containers-") as folder:
        return _built_and_run(chosen, Path(folder))


def _built_and_run(chosen: Engine, folder: Path) -> int:
    began = time.monotonic()
    print("… sam build", flush=True)
    build(folder)
    print(f"… containers of {chosen.image}", flush=True)
    if chosen.namespaces:
        (folder / "podman").mkdir()
        status = namespaces.run([sys.executable, "-m", "tests.containers", "--inside", str(folder)])
    else:
        status = _run(chosen, folder)
    print(f"  {time.monotonic() - began:.0f} s in all")
    return status


def _run(chosen: Engine, folder: Path) -> int:
    with _served(chosen, folder) as environment:
        sam = Sam(build=Build(folder=folder / "build").folder, environment=environment, pulls=chosen is DOCKER)
        report = suite.run(sam, folder, address=chosen.address)
    print(f"{report.verdict()} ({chosen.image})", flush=True)
    return 0 if report.is_good else 1


@contextmanager
def _served(chosen: Engine, folder: Path) -> Iterator[dict[str, str]]:
    if not chosen.namespaces:
        yield {}
        return
    with namespaces.podman(folder / "podman", architecture=ARCHITECTURE) as environment:
        yield environment


if __name__ == "__main__":
    sys.exit(main())
