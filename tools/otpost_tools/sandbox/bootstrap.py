"""Starts AWS's own runtime client for one function, with a wall clock that the sandbox can move.

Runs as a script in the functions' environment: the standard library, time-machine and awslambdaric are all there is.
Usage: bootstrap.py HANDLER CLOCK_FILE PARENT_PID
"""
# pyright: reportMissingImports=false
# awslambdaric lives in the functions' environment only.

import ctypes
import datetime as dt
import mmap
import os
import signal
import struct
import sys
import time
from pathlib import Path

import time_machine

_PR_SET_PDEATHSIG = 1
_OFFSET = struct.Struct("<d")


class FollowedClock:
    """Moves this process's wall clock to where the sandbox's clock file says. Monotonic clocks stay real."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._shared = mmap.mmap(file.fileno(), _OFFSET.size, access=mmap.ACCESS_READ)
        self._offset = 0.0
        self._traveller: time_machine.Traveller | None = None

    def follow(self) -> None:
        """Take over the offset as it is now."""
        (offset,) = _OFFSET.unpack_from(self._shared)
        if offset == self._offset:
            return
        delta = dt.timedelta(seconds=offset - self._offset)
        if self._traveller is None:
            self._traveller = time_machine.travel(delta, tick=True).start()
            time.time()  # the journey begins when time is first asked for; ask now
        else:
            self._traveller.shift(delta)
        self._offset = offset


def die_with_parent(parent: int) -> None:
    """End this process when the sandbox ends, even by SIGKILL (Linux; elsewhere the closed connection ends it)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before we could ask
        os._exit(1)


def main() -> None:
    """Fetch invocations, one after another, until the sandbox ends this process."""
    from awslambdaric import bootstrap  # noqa: PLC0415 (not there when the backends borrow the clock above)
    from awslambdaric.lambda_config import LambdaConfigProvider  # noqa: PLC0415
    from awslambdaric.lambda_runtime_client import InvocationRequest, LambdaRuntimeClient  # noqa: PLC0415

    handler, clock_file, parent = sys.argv[1:]
    die_with_parent(int(parent))
    clock = FollowedClock(Path(clock_file))
    clock.follow()

    class Client(LambdaRuntimeClient):  # type: ignore[misc] # awslambdaric has no types
        def wait_next_invocation(self) -> InvocationRequest:
            request = super().wait_next_invocation()
            clock.follow()
            return request

    sys.argv = [sys.argv[0], handler]
    config = LambdaConfigProvider(sys.argv)
    bootstrap.run(config.handler, Client(config.api_address, config.use_thread_polling))


if __name__ == "__main__":
    main()
