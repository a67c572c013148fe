"""A sandbox beside the caller: in a thread of the same process, for tests, demos and benchmarks."""

import asyncio
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from otpost_tools.sandbox import engine
from otpost_tools.sandbox.options import SandboxOptions
from otpost_tools.sandbox.sandbox import Sandbox


@contextmanager
def running(options: SandboxOptions) -> Iterator[Sandbox]:
    """A sandbox that accepts requests at its `url`; on leaving, everything is gone.

    Use it over HTTP only: its parts belong to the other thread.
    """
    ready: queue.Queue[Sandbox | BaseException] = queue.Queue()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        try:
            async with engine.running(options) as sandbox:
                ready.put(sandbox)
                await stop.wait()
        except BaseException as error:
            ready.put(error)
            raise

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run, name="sandbox", daemon=True)
    thread.start()
    try:
        started = ready.get()
        if isinstance(started, BaseException):
            raise started
        yield started
    finally:
        if not loop.is_closed():
            loop.call_soon_threadsafe(stop.set)
        thread.join()
