"""Holding a process of the sandbox still."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import psutil


@contextmanager
def stopped(process: psutil.Process) -> Iterator[None]:
    """Hold a process still, as a dependency that does not answer."""
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)
