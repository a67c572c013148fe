"""An event source mapping: takes messages from a queue, has them handled, deletes what succeeded.

It is told when a message arrives, so that a mail needs no polling; a slow poll finds what becomes visible again. Polls
are short ones: moto's long polls hang when its clock is moved.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp

from otpost_tools.sandbox import records
from otpost_tools.sandbox.backend_client import BackendClient
from otpost_tools.sandbox.errors import BackendError
from otpost_tools.sandbox.pool import Pool
from otpost_tools.sandbox.stack import QueueSource

_POLL_SECONDS = 1.0
_TROUBLE = (BackendError, aiohttp.ClientError, TimeoutError)
_MOST_AT_ONCE = 10  # that ReceiveMessage and DeleteMessageBatch take


class Pump:
    """Runs one event source mapping until it is closed."""

    def __init__(self, source: QueueSource, client: BackendClient, pool: Pool, log: Callable[[str], None]) -> None:
        self.source = source
        self._log = log
        self._client = client
        self._pool = pool
        self._wanted = asyncio.Event()
        limit = pool.limit if source.concurrency is None else min(source.concurrency, pool.limit)
        self._free = asyncio.Semaphore(limit)
        self._batches: set[asyncio.Task[None]] = set()
        self._taking = asyncio.Lock()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to take messages."""
        self._loop = asyncio.create_task(self._take())

    def wake(self) -> None:
        """Look into the queue now."""
        self._wanted.set()

    @asynccontextmanager
    async def paused(self, seconds: float) -> AsyncIterator[None]:
        """While in here, no messages are taken; batches in flight are waited for, at most *seconds*."""
        async with self._taking:
            if self._batches:
                await asyncio.wait(self._batches, timeout=seconds)
            yield
        self.wake()

    async def close(self) -> None:
        """Stop. To call it twice is fine."""
        tasks = [*self._batches, *([self._loop] if self._loop else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _take(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_POLL_SECONDS):
                    await self._wanted.wait()
            self._wanted.clear()
            try:
                while await self._take_batch():
                    pass
            except _TROUBLE as error:
                self._log(f"The queue {self.source.queue_arn} could not be read: {error!r}")

    async def _take_batch(self) -> bool:
        """Start one batch when a run is free for it. False if the queue holds nothing visible."""
        await self._free.acquire()
        messages: list[dict[str, Any]] = []
        try:
            async with self._taking:
                messages = await self._receive()
                if messages:
                    batch = asyncio.create_task(self._handle(messages))
                    self._batches.add(batch)
                    batch.add_done_callback(self._done)
        finally:
            if not messages:
                self._free.release()
        return bool(messages)

    def _done(self, batch: asyncio.Task[None]) -> None:
        self._batches.discard(batch)
        self._free.release()
        if not batch.cancelled() and (error := batch.exception()) is not None:
            self._log(f"A batch of {self.source.queue_arn} stays in the queue: {error!r}")

    async def _receive(self) -> list[dict[str, Any]]:
        """A batch: what is there, and with a batching window what comes until it is full or the window is over."""
        messages = await self._receive_up_to(self.source.batch_size)
        over = time.monotonic() + self.source.window
        while messages and len(messages) < self.source.batch_size and time.monotonic() < over:
            await asyncio.sleep(min(0.05, self.source.window))
            messages += await self._receive_up_to(self.source.batch_size - len(messages))
        return messages

    async def _receive_up_to(self, most: int) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        while len(messages) < most:
            answer = await self._client.sqs(
                "ReceiveMessage",
                QueueUrl=self.source.queue_url,
                MaxNumberOfMessages=min(_MOST_AT_ONCE, most - len(messages)),
                WaitTimeSeconds=0,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
            found = answer.get("Messages", [])
            messages += found
            if not found:
                break
        return messages

    async def _handle(self, messages: list[dict[str, Any]]) -> None:
        outcome = await self._pool.invoke(records.event(messages, self.source.queue_arn))
        identifiers = {str(message["MessageId"]) for message in messages}
        stays = records.failed(outcome, identifiers, partial=self.source.partial_failures)
        handled = [message for message in messages if message["MessageId"] not in stays]
        for start in range(0, len(handled), _MOST_AT_ONCE):
            await self._delete(handled[start : start + _MOST_AT_ONCE])

    async def _delete(self, messages: list[dict[str, Any]]) -> None:
        entries = [
            {"Id": str(index), "ReceiptHandle": message["ReceiptHandle"]} for index, message in enumerate(messages)
        ]
        await self._client.sqs("DeleteMessageBatch", QueueUrl=self.source.queue_url, Entries=entries)
