"""The lines that Lambda itself writes around the lines of a function."""

import math
import re
from pathlib import Path

_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


def start(request_id: str) -> str:
    """Before the first line of a run."""
    return f"START RequestId: {request_id} Version: $LATEST"


def end(request_id: str) -> str:
    """After its last line."""
    return f"END RequestId: {request_id}"


def report(
    request_id: str, *, milliseconds: float, memory: int, used: int | None, init_milliseconds: float | None
) -> str:
    """What the run took. Memory is counted in MB and not enforced here; *init_milliseconds* in the first run only."""
    parts = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {milliseconds:.2f} ms",
        f"Billed Duration: {math.ceil(milliseconds + (init_milliseconds or 0))} ms",
        f"Memory Size: {memory} MB",
    ]
    if used is not None:
        parts.append(f"Max Memory Used: {used} MB")
    if init_milliseconds is not None:
        parts.append(f"Init Duration: {init_milliseconds:.2f} ms")
    return "\t".join(parts)


def timed_out(request_id: str, seconds: float) -> str:
    """A run that Lambda ended."""
    return f"{request_id} Task timed out after {seconds:.2f} seconds"


def memory_used(pid: int) -> int | None:
    """The most memory the process has held, in MB; None where the system does not tell."""
    try:
        found = _PEAK.search(Path(f"/proc/{pid}/status").read_text("utf-8"))
    except OSError:
        return None
    return None if found is None else math.ceil(int(found[1]) / 1024)
