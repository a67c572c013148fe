"""All execution environments of one function: warm ones first, new ones on demand, and a queue beyond that."""

import asyncio
from collections import deque
from dataclasses import dataclass

from otpost_tools.sandbox.invocation import Failed, Failure, Invocation, Outcome
from otpost_tools.sandbox.recipe import Recipe
from otpost_tools.sandbox.worker import State, Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolState:
    """What a person wants to know about a function's workers."""

    workers: int
    idle: int
    waiting: int
    pids: tuple[int, ...]
    init_error: str | None


class Pool:
    """Runs a function, at most *limit* events at a time."""

    def __init__(self, recipe: Recipe, limit: int) -> None:
        reserved = recipe.function.reserved_concurrency
        self._recipe = recipe
        self._limit = max(1, limit if reserved is None else min(limit, reserved))
        self._idle: list[Worker] = []
        self._workers: set[Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._pending: deque[Invocation] = deque()
        self._closed = False
        self._changed = asyncio.Event()
        self._init_error: bytes | None = None

    @property
    def limit(self) -> int:
        """How many events run at a time."""
        return self._limit

    async def invoke(self, event: bytes, *, patience: float | None = None) -> Outcome:
        """Run the function; after *patience* seconds without an answer give up (a run that has begun goes on)."""
        if self._closed:
            return Failed(failure=Failure.CLOSED)
        invocation = Invocation(event=event)
        self._pending.append(invocation)
        self._dispatch()
        try:
            async with asyncio.timeout(patience):
                return await asyncio.shield(invocation.outcome)
        except TimeoutError:
            if invocation in self._pending:
                self._pending.remove(invocation)
            return Failed(failure=Failure.WAITED)

    async def warm(self) -> str | None:
        """Start the first worker and wait until it is ready. Returns why not if its init fails."""
        if not self._workers and not self._closed:
            self._start()
        while not self._idle and self._workers:
            self._changed.clear()
            await self._changed.wait()
        return self.state().init_error

    def state(self) -> PoolState:
        """The workers as they are now."""
        return PoolState(
            workers=len(self._workers),
            idle=len(self._idle),
            waiting=len(self._pending),
            pids=tuple(worker.pid for worker in self._workers if worker.pid is not None),
            init_error=None if self._init_error is None else self._init_error.decode("utf-8", "replace"),
        )

    async def close(self) -> None:
        """End every worker. To call it twice is fine."""
        self._closed = True
        while self._pending:
            self._pending.popleft().finish(Failed(failure=Failure.CLOSED))
        for worker in self._workers:
            worker.kill()
        await asyncio.gather(*self._tasks)

    def _dispatch(self) -> None:
        while self._pending and self._idle:
            self._idle.pop().give(self._pending.popleft())  # the one used last: the others may cool down
        coming = sum(worker.state in {State.STARTING, State.RETURNING} for worker in self._workers)
        missing = min(len(self._pending) - coming, self._limit - len(self._workers))
        for _ in range(0 if self._closed else missing):
            self._start()

    def _start(self) -> None:
        worker = Worker(self._recipe, self._worker_changed)
        self._workers.add(worker)
        task = asyncio.create_task(worker.run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _worker_changed(self, worker: Worker) -> None:
        if worker.state is State.IDLE:
            self._init_error = None
            self._idle.append(worker)
        else:
            self._remove(worker)
        self._dispatch()
        self._changed.set()

    def _remove(self, worker: Worker) -> None:
        self._workers.remove(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        if worker.init_error is not None and not self._closed:
            self._init_error = worker.init_error
            if self._pending:
                # As on Lambda the request that caused the init gets its error; the next one tries again.
                self._pending.popleft().finish(Failed(failure=Failure.INIT, error=worker.init_error))
