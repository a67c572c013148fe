"""A stand-in for AWS's base image, made of what this machine has, in the layout of public.ecr.aws/lambda/python:3.13.

The same: where Python (/var/lang), the runtime (/var/runtime), the function (/var/task) and its layers (/opt) are, the
environment, AWS's own runtime client, and the Runtime Interface Emulator that SAM adds. Not the same: Python, the C
library and the shell are this machine's, and boto3 is missing, so that a function finds none but its layer's.
"""

import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

NAME = "public.ecr.aws/lambda/python:3.13"
ENVIRONMENT = {
    "LANG": "en_US.UTF-8",
    "TZ": ":/etc/localtime",
    "PATH": "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    "LD_LIBRARY_PATH": "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
    "LAMBDA_TASK_ROOT": "/var/task",
    "LAMBDA_RUNTIME_DIR": "/var/runtime",
}
TOOLS = ("sh", "mv", "chmod", "cp", "rm")
"""What the Dockerfile that SAM writes runs."""

_LIBRARY = "var/lang/lib/python3.13"
_BOOTSTRAP = """#!/bin/sh
exec /var/lang/bin/python3.13 /var/runtime/bootstrap.py
"""
_BOOTSTRAP_PY = """import os
import sys

sys.path[:1] = [os.environ["LAMBDA_TASK_ROOT"], "/opt/python/lib/python3.13/site-packages", "/opt/python"]
from awslambdaric.__main__ import main

main([sys.argv[0], os.environ["_HANDLER"]])
"""
_LEFT_OUT = re.compile(r"(^|/)(test|idlelib|tkinter|turtledemo|ensurepip|site-packages|config-[^/]*|_tkinter\.[^/]*)$")
_RUNTIME_PACKAGES = re.compile(r"(awslambdaric|runtime_client|simplejson|snapshot_restore_py)\b")
_NEEDED = re.compile(r"(/\S+) \(0x")


def write(file: Path, *, python: Path, runtime: Path) -> None:
    """Write the image's files to a tar *file*.

    *python* is the prefix of an interpreter of the runtime's version, *runtime* an environment with awslambdaric.
    """
    packages = [path for path in _site_packages(runtime).iterdir() if _RUNTIME_PACKAGES.match(path.name)]
    tools = [Path(found) for name in TOOLS if (found := shutil.which(name)) is not None]
    with tarfile.open(file, "w") as image:
        for folder in ("tmp", "opt", "var/task", "var/rapid", "dev", "proc", "sys", "etc"):
            _add_folder(image, folder, mode=0o1777 if folder == "tmp" else 0o755)
        _add_text(image, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
        _add_text(image, "var/runtime/bootstrap", _BOOTSTRAP, mode=0o755)
        _add_text(image, "var/runtime/bootstrap.py", _BOOTSTRAP_PY)
        image.add(python / "bin" / "python3.13", "var/lang/bin/python3.13")
        image.add(python / "lib" / "python3.13", _LIBRARY, filter=_without_what_no_function_needs)
        for package in packages:
            image.add(package, f"{_LIBRARY}/site-packages/{package.name}")
        for tool in tools:
            image.add(tool.resolve(), f"bin/{tool.name}")
        for name, library in _shared_libraries([python / "bin" / "python3.13", *tools, *_extensions(python, packages)]):
            image.add(library.resolve(), name)


def _site_packages(environment: Path) -> Path:
    return next(environment.glob("lib/python3.*/site-packages"))


def _extensions(python: Path, packages: Iterable[Path]) -> list[Path]:
    own = (python / "lib" / "python3.13" / "lib-dynload").glob("*.so")
    theirs = (file for package in packages for file in ([package] if package.is_file() else package.rglob("*.so")))
    return [file for file in (*own, *theirs) if file.suffix == ".so" and not _LEFT_OUT.search(str(file))]


def _shared_libraries(binaries: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """Yield what *binaries* are linked with, by its place in the image: Python's own library is in /var/lang."""
    run = subprocess.run(["ldd", *map(str, binaries)], capture_output=True, text=True, check=True)
    for library in sorted(set(_NEEDED.findall(run.stdout))):
        place = f"var/lang/lib/{Path(library).name}" if "libpython" in library else library.lstrip("/")
        yield place, Path(library)


def _without_what_no_function_needs(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if _LEFT_OUT.search(entry.name) else entry


def _add_folder(image: tarfile.TarFile, name: str, *, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = tarfile.DIRTYPE, mode
    image.addfile(entry)


def _add_text(image: tarfile.TarFile, name: str, text: str, *, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(text.encode()), mode
    image.addfile(entry, BytesIO(text.encode()))
