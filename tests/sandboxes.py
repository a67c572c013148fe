"""The real sandbox as a process of its own, for the suites that speak to the product by HTTP only."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from otpost_tools.client import Client, UnreachableError

READY_SECONDS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """A running sandbox: its address, its processes, and the file that its own process prints to."""

    url: str
    client: Client
    process: psutil.Process
    output: Path

    def backends(self) -> psutil.Process:
        """The process that stands in for AWS."""
        return next(child for child in self._children() if any("moto_server" in word for word in child.cmdline()))

    def workers(self, function: str) -> list[psutil.Process]:
        """The processes that run *function*, like `verify`."""
        handler = f"functions.{function}.app.handler"
        return [child for child in self._children() if handler in child.cmdline()]

    def _children(self) -> list[psutil.Process]:
        return self.process.children(recursive=True)


@contextmanager
def running_sandbox(
    folder: Path, parameters: Mapping[str, str] | None = None, environment: Mapping[str, str] | None = None
) -> Generator[Sandbox]:
    """Start a sandbox on a free port with *parameters* of the template, and stop all of it at the end.

    *environment* comes on top of this process's own.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    settings = [word for name, value in (parameters or {}).items() for word in ("--set", f"{name}={value}")]
    output = folder / "output.txt"
    with output.open("w") as log:
        command = [sys.executable, "-m", "otpost_tools.sandbox", "--port", str(port), *settings]
        process = subprocess.Popen(command, env=os.environ | dict(environment or {}), stdout=log, stderr=log)
        try:
            client = Client(base_url=f"http://127.0.0.1:{port}")
            _await_ready(client, process, output)
            yield Sandbox(url=client.base_url, client=client, process=psutil.Process(process.pid), output=output)
        finally:
            process.terminate()
            process.wait(30)


def _await_ready(client: Client, process: subprocess.Popen[bytes], output: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            client.time()
        except UnreachableError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the sandbox did not start: {output.read_text()}")
