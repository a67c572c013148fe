"""Which container engine there is: Docker if a daemon answers, else podman in namespaces of its own, else none."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from otpost_tools.sandbox import bridge
from tests.artifacts.artifact import SAM

_PING = "import docker; docker.from_env(timeout=5).ping()"
_TOOLS = ("podman", "crun", "conmon", "iptables", "ip", "unshare")
_NETAVARK = ("/usr/lib/podman/netavark", "/usr/libexec/podman/netavark")
PACKAGES = "podman crun conmon netavark iptables iproute2"
"""Of Debian; no service has to run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Runs the containers. *address* is this machine's on their bridge, *image* says what the functions run in."""

    address: str
    image: str
    namespaces: bool


DOCKER = Engine(address=bridge.DOCKER, image="AWS's own base image", namespaces=False)
PODMAN = Engine(address="10.88.0.1", image="a stand-in base image", namespaces=True)


class NoEngineError(Exception):
    """Nothing here runs containers; the message says what to do."""


def chosen() -> Engine:
    """Return the engine of this machine, or raise NoEngineError."""
    if _docker_answers():
        return DOCKER
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if not any(Path(place).exists() for place in _NETAVARK):
        missing.append("netavark")
    if missing:
        raise NoEngineError(f"No Docker daemon answers, and podman lacks {', '.join(missing)} (Debian: {PACKAGES}).")
    if os.geteuid() != 0:
        raise NoEngineError("No Docker daemon answers, and podman needs root here, for namespaces of its own.")
    return PODMAN


def _docker_answers() -> bool:
    """Ask with the client that SAM uses, so DOCKER_HOST and contexts count as they do for SAM."""
    python = SAM.with_name("python")
    return subprocess.run([python, "-c", _PING], capture_output=True, check=False).returncode == 0
