"""A worker's output: one pipe for both streams, as in Lambda, read without ever waiting for it."""

import asyncio
import os
from collections.abc import Callable

_CHUNK = 65_536


class Output:
    """Hands every line written into the pipe to *write*, in order."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._rest = b""
        self._loop = asyncio.get_running_loop()
        self._reader, self.writer = os.pipe()
        os.set_blocking(self._reader, False)
        self._loop.add_reader(self._reader, self._read)

    def started(self) -> None:
        """The process has its own copy of the writing end; ours would keep the pipe open."""
        os.close(self.writer)

    def drain(self) -> None:
        """Hand on all that has been written so far, an unfinished last line too.

        A worker flushes its output before it answers, so after a drain the lines of that run are complete.
        """
        self._read()
        if self._rest:
            self._line(self._rest)
            self._rest = b""

    def close(self) -> None:
        """Hand on what is left, and let go of the pipe. To call it twice is fine."""
        if self._reader < 0:
            return
        self.drain()
        self._loop.remove_reader(self._reader)
        os.close(self._reader)
        self._reader = -1

    def _read(self) -> None:
        while self._reader >= 0:
            try:
                chunk = os.read(self._reader, _CHUNK)
            except BlockingIOError:
                return
            if not chunk:
                self._loop.remove_reader(self._reader)
                return
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            for line in lines:
                self._line(line)

    def _line(self, line: bytes) -> None:
        # The runtime joins the lines of a traceback by carriage returns, so that they stay one log event.
        self._write(line.decode("utf-8", "replace").replace("\r", "\n"))
