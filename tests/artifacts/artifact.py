"""What `sam build` makes of the template, and how it is made."""

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.template.stacks import REPOSITORY

SAM = REPOSITORY / ".venv-sam" / "bin" / "sam"
RUNTIME = REPOSITORY / ".venv-runtime"
_NAMES = {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
ARCHITECTURE = _NAMES[platform.machine()]
"""This machine's processor, as Lambda calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A folder for each function and layer, as SAM would zip them."""

    folder: Path

    def code(self, logical_id: str) -> Path:
        """Return what Lambda unpacks to /var/task for a function."""
        return self.folder / logical_id

    def layers(self) -> list[Path]:
        """Return what Lambda puts on the path from the layers, the core first."""
        return [self.folder / layer / "python" for layer in ("CoreLayer", "DepsLayer")]


def build(into: Path) -> Build:
    """Build the repository for this machine's processor below *into*, which nothing else uses."""
    command = [str(SAM), "build", "--config-env", "sandbox", "--parallel", "--no-cached"]
    command += ["--build-dir", f"{into}/build", "--cache-dir", f"{into}/cache"]
    command += ["--parameter-overrides", f"Architecture={ARCHITECTURE}"]
    path = f"{interpreter().parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"SAM_CLI_TELEMETRY": "0", "PATH": path}
    run = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return Build(folder=into / "build")


@cache
def interpreter() -> Path:
    """Return a Python of the runtime's version with pip beside it: a version manager's shim will not do for SAM."""
    minor = f"python{sys.version_info.major}.{sys.version_info.minor}"
    candidates = [Path(prefix) / "bin" / minor for prefix in (sys.base_prefix, sys.prefix)]
    for candidate in candidates:
        command = [str(candidate), "-m", "pip", "--version"]
        if candidate.exists() and subprocess.run(command, capture_output=True, check=False).returncode == 0:
            return candidate
    raise AssertionError(f"None of these has pip: {', '.join(map(str, candidates))}")
