"""The sandbox's time: real time plus an offset that every process of the sandbox reads from one small file.

Only wall clocks move. Monotonic clocks, and so timeouts and sleeps, stay real.
"""

import mmap
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

OFFSET = struct.Struct("<d")
# Ten years: far beyond every life and retention of the stack, well within what dates can hold.
FURTHEST = 10 * 365 * 86_400.0


class Clock:
    """Tells the sandbox's time and moves it. One process owns it; the others follow its file."""

    def __init__(self, path: Path) -> None:
        """Start at real time, with the offset kept in *path*."""
        path.write_bytes(OFFSET.pack(0.0))
        self.path = path
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), OFFSET.size)
        self._offset = 0.0

    @property
    def offset(self) -> float:
        """Seconds ahead of real time."""
        return self._offset

    def timestamp(self) -> float:
        """Now, in seconds since 1970."""
        return time.time() + self._offset

    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._offset)

    def advance(self, seconds: float) -> None:
        """Move forward; processes see it at their next request."""
        self._set(self._offset + seconds)

    def reset(self) -> None:
        """Back to real time."""
        self._set(0.0)

    def _set(self, offset: float) -> None:
        self._offset = offset
        # One aligned store of eight bytes: no reader sees half of it.
        OFFSET.pack_into(self._shared, 0, offset)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._shared.close()
