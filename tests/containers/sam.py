"""SAM's three ways to run a function in a container: once, behind Lambda's API, behind the HTTP API."""

import copy
import json
import os
import shlex
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import yaml

from tests.artifacts.artifact import ARCHITECTURE, SAM
from tests.template.stacks import REPOSITORY

BACKEND = "Backend"
"""Begins the name of a copy of a function that serves callers who sign."""

_START_SECONDS = 180
_INVOKE_SECONDS = 180


class SamError(Exception):
    """SAM did not do what it was asked to; the message is what it printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sam:
    """Runs what was built in *build*. *environment* leads to the container engine."""

    build: Path
    environment: Mapping[str, str]
    pulls: bool

    def invoke(self, line: str, function: str, event: Path) -> Any:
        """Run the `sam local invoke` *line* that the sandbox prints, for this function and event; return its answer."""
        words = shlex.split(line)
        words[words.index("IssueFunction")] = function
        words[words.index("--event") + 1] = str(event)
        run = subprocess.run(
            [SAM, *words[1:], *self._options(self.build / "template.yaml")],
            **self._setting(),
            capture_output=True,
            text=True,
            timeout=_INVOKE_SECONDS,
            check=False,
        )
        try:
            return json.loads(run.stdout.strip().splitlines()[-1])
        except (IndexError, ValueError) as error:
            raise SamError(f"{shlex.join(words)}\n{run.stdout}{run.stderr}") from error

    @contextmanager
    def start(self, service: str, *, env_vars: Path) -> Iterator[int]:
        """Run `sam local start-lambda` or `start-api` on a free port, with a warm container a function."""
        port = _free_port()
        log = self.build.parent / f"{service}-{port}.log"
        warm = ["--warm-containers", "EAGER", "--parameter-overrides", f"Architecture={ARCHITECTURE}"]
        template = declaring(self.build / "template.yaml", json.loads(env_vars.read_text()))
        options = [*warm, *self._options(template)]
        command = [str(SAM), "local", service, "--port", str(port), "--env-vars", str(env_vars), *options]
        with log.open("wb") as output:
            process = subprocess.Popen(command, **self._setting(), stdout=output, stderr=output)
            try:
                _await(port, process, log)
                yield port
            finally:
                process.terminate()
                process.wait(60)

    def _options(self, template: Path) -> list[str]:
        return ["--template", str(template), *([] if self.pulls else ["--skip-pull-image"])]

    def _setting(self) -> dict[str, Any]:
        own = {"SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "eu-central-1", "HOME": str(self.build.parent)}
        return {"cwd": REPOSITORY, "env": {**os.environ, **own, **self.environment}}


def declaring(template: Path, variables: Mapping[str, Mapping[str, str]]) -> Path:
    """Write the template anew: with the names of *variables*, by function, declared; with copies for backend callers.

    SAM sets no variable that the template does not declare, and the address of the backends is one that ours must not.
    `sam local invoke` has a way around it (a debug port), which warm containers lack.
    """
    declared = yaml.safe_load(template.read_text())
    resources = declared["Resources"]
    for function, names in variables.items():
        if function not in resources:
            resources[function] = copy.deepcopy(resources[function.removeprefix(BACKEND)])
            del resources[function]["Properties"]["Events"]  # its routes lead to the original
            resources[function].setdefault("Metadata", {})["SamResourceId"] = function  # what SAM knows it by
        own = resources[function]["Properties"].setdefault("Environment", {}).setdefault("Variables", {})
        own |= {name: "" for name in names if name not in own}
    file = template.with_name("template-declaring.json")
    file.write_text(json.dumps(declared))
    return file


def invoked(port: int, function: str, event: object) -> Any:
    """Invoke through the Lambda API of `start-lambda`, and return the answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_INVOKE_SECONDS)
    try:
        connection.request("POST", f"/2015-03-31/functions/{function}/invocations", json.dumps(event))
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the port is open: SAM opens it when its containers run."""
    until = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SamError(log.read_text())
