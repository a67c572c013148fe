"""Podman in namespaces of its own: its mounts, network, processes and storage end with one process.

The network has no way out, so nothing is pulled. What the containers talk to runs in here as well, beside podman.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.containers import base_image

_UNSHARE = [
    "unshare",
    "--mount",
    "--propagation",
    "private",
    "--net",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
]
_START_SECONDS = 30
# The user's limits may lie below podman's defaults; and the control groups belong to the machine, not to us.
_SETTINGS = """
[containers]
default_ulimits = ["nofile=8192:8192", "nproc=16384:16384"]
cgroups = "disabled"
[engine]
events_logger = "file"
"""


def run(command: Sequence[str]) -> int:
    """Run *command* as the first process of new namespaces, and return its status. What it started ends with it."""
    return subprocess.run([*_UNSHARE, *command], check=False).returncode


@contextmanager
def podman(folder: Path, *, architecture: str) -> Iterator[dict[str, str]]:
    """Inside: serve Docker's API and yield the environment that leads a client there. Everything is below *folder*."""
    _settle(folder)
    own = {"TMPDIR": f"{folder}/tmp"}
    environment = os.environ | own | {"CONTAINERS_CONF": f"{folder}/containers.conf", "XDG_RUNTIME_DIR": str(folder)}
    command = ["podman", "--root", f"{folder}/storage", "--runroot", f"{folder}/run", "--tmpdir", f"{folder}/libpod"]
    command += ["--storage-driver", "overlay", "--runtime", "crun"]
    _import_base_image(command, folder / "image.tar", environment, architecture)
    socket = folder / "podman.sock"
    with (folder / "podman.log").open("w") as log:
        serve = [*command, "system", "service", "--time=0", f"unix://{socket}"]
        service = subprocess.Popen(serve, env=environment, stdout=log, stderr=log)
        try:
            _await(socket, service, folder / "podman.log")
            yield own | {"DOCKER_HOST": f"unix://{socket}"}
        finally:
            service.terminate()
            service.wait(30)


def _settle(folder: Path) -> None:
    """Make a file system in memory, which is gone with the namespace, take all that is written; bring loopback up.

    Wherever podman is told to keep its things, it writes some to /etc, /run and /var.
    """
    _mount("tmpfs", folder)
    for name in ("etc", "var"):
        for layer in ("upper", "work"):
            (folder / name / layer).mkdir(parents=True)
        layers = f"lowerdir=/{name},upperdir={folder}/{name}/upper,workdir={folder}/{name}/work"
        _mount("overlay", f"/{name}", "-o", layers)
    _mount("tmpfs", "/run")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    # Where both versions of control groups are mounted, crun takes the second for a machine that has nothing else.
    subprocess.run(["umount", "/sys/fs/cgroup/unified"], check=False, stderr=subprocess.DEVNULL)
    (folder / "tmp").mkdir()
    (folder / "containers.conf").write_text(_SETTINGS)


def _mount(kind: str, place: Path | str, *options: str) -> None:
    subprocess.run(["mount", "-t", kind, *options, "otpost-containers", place], check=True)


def _import_base_image(podman: list[str], file: Path, environment: dict[str, str], architecture: str) -> None:
    runtime = Path(__file__).parents[2] / ".venv-runtime"
    base_image.write(file, python=Path(sys.base_prefix), runtime=runtime)
    settings = [f"ENV {name}={value}" for name, value in base_image.ENVIRONMENT.items()] + ["WORKDIR /var/task"]
    changes = [word for setting in settings for word in ("--change", setting)]
    command = [*podman, "import", *changes, str(file), f"{base_image.NAME}-{architecture}"]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    file.unlink()


def _await(socket: Path, service: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while not socket.exists():
        if service.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"podman does not serve: {log.read_text()}")
        time.sleep(0.05)
