"""A sandbox beside the caller: in a thread of the same process, for tests, demos and benchmarks."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

from otpost_tools.sandbox import engine
from otpost_tools.sandbox.options import SandboxOptions
from otpost_tools.sandbox.sandbox import Sandbox


@contextmanager
def running(options: SandboxOptions) -> Iterator[Sandbox]:
    """A sandbox that accepts requests at its `url`; on leaving, everything is gone.

    Use it over HTTP only: its parts belong to the other thread.
    """
    ready: Future[Sandbox] = Future()
    stop = threading.Event()

    async def serve() -> None:
        async with engine.running(options) as sandbox:
            ready.set_result(sandbox)
            await asyncio.to_thread(stop.wait)

    with ThreadPoolExecutor(1, "sandbox") as pool:
        ended = pool.submit(lambda: asyncio.run(serve()))
        either: list[Future[Any]] = [ready, ended]
        try:
            wait(either, return_when=FIRST_COMPLETED)
            if ready.done():
                yield ready.result()
        finally:
            stop.set()
        ended.result()  # raises what kept it from starting, or from stopping
