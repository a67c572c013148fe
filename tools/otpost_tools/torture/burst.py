"""Many requests at one instant: connections open, all bytes but the last sent, then the last ones together."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from otpost_tools.torture.errors import CannotMeasureError
from otpost_tools.torture.reply import Reply
from otpost_tools.torture.wire import BrokenConnectionError, Connection, Request

READY_SECONDS = 60.0


def together(requests: Sequence[Request]) -> list[Reply | None]:
    """The answers in the order of *requests*; None where none came.

    Raises CannotMeasureError if not all could be made ready: fewer at once would be another measurement.
    """
    if not requests:
        return []
    barrier = threading.Barrier(len(requests))
    with ThreadPoolExecutor(len(requests), "burst") as threads:
        return list(threads.map(lambda request: _one(request, barrier), requests))


def _one(request: Request, barrier: threading.Barrier) -> Reply | None:
    try:
        with Connection(request) as connection:
            connection.prime()
            barrier.wait(READY_SECONDS)
            try:
                connection.fire()
                return connection.read()
            except BrokenConnectionError:
                return None
    except threading.BrokenBarrierError as error:
        raise CannotMeasureError("not all of the parallel connections could be opened") from error
    except BrokenConnectionError as error:
        barrier.abort()
        raise CannotMeasureError(f"not all of the parallel connections could be opened: {error}") from error
