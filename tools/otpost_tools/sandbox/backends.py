"""The backends' process, from its start to its end, and what it reports in between."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from otpost_tools.sandbox.errors import BackendError

_LONGEST_LINE = 64 * 1024 * 1024  # a mail of SES's largest size, in base64 and JSON
_STARTUP_SECONDS = 60.0
_SERVER = "otpost_tools.sandbox.moto_server"


class Backends:
    """DynamoDB, SQS, KMS, SES and SNS on this machine."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._reader: asyncio.Task[None] | None = None
        self.url = ""

    @classmethod
    async def start(cls, clock_file: Path, log: Callable[[str], None]) -> "Backends":
        """Start the process and wait until it serves; *log* gets what it prints."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            _SERVER,
            str(clock_file),
            str(os.getpid()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=_LONGEST_LINE,
            start_new_session=True,  # Ctrl-C is the sandbox's to handle, not the backends'
            env=_environment(),
        )
        backends = cls(process)
        try:
            async with asyncio.timeout(_STARTUP_SECONDS):
                await backends._ready()
        except BaseException:
            await backends.close()
            raise
        backends._reader = asyncio.create_task(_copy(process, log))
        return backends

    async def _ready(self) -> None:
        """Wait for the process's first line."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise BackendError("The backends did not start:\n" + await _rest_of(self._process))
        self.url = f"http://127.0.0.1:{json.loads(line)['port']}"

    async def events(self) -> AsyncIterator[dict[str, Any]]:
        """What happens on the backends: `queued` with its queue_url, `mail` with its id and request."""
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            yield json.loads(line)

    async def close(self) -> None:
        """End the process. To call it twice is fine."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self._reader is not None:
            await self._reader


def _environment() -> dict[str, str]:
    """The sandbox's own environment without anything that could send moto elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return kept | nowhere | {"AWS_EC2_METADATA_DISABLED": "true"}


async def _copy(process: asyncio.subprocess.Process, log: Callable[[str], None]) -> None:
    assert process.stderr is not None
    while line := await process.stderr.readline():
        log(line.decode("utf-8", "replace").rstrip("\n"))


async def _rest_of(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    return (await process.stderr.read()).decode("utf-8", "replace")
