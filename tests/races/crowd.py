"""Many who ask at one moment: threads of one process, as in a test, and threads of several, as on Lambda."""

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from threading import Barrier
from typing import Protocol

from otpost.errors import Unavailable
from tests.races.engine import Place, Stores

type Act[Answer] = Callable[[Stores, int], Answer]
"""What one of the crowd does, given the stores and its number; it can be sent to another process."""


class Crowd(Protocol):
    """So many who act at the same moment, each for itself."""

    size: int
    conflicts: Counter[str]

    def at_once[Answer](self, act: Act[Answer]) -> list[Answer | Unavailable]:
        """Return what each of the crowd got for an answer, by number; Unavailable where none came."""
        ...


@dataclass(slots=True)
class Threads:
    """A crowd of threads on one client."""

    stores: Stores
    size: int
    conflicts: Counter[str] = field(default_factory=Counter)

    def at_once[Answer](self, act: Act[Answer]) -> list[Answer | Unavailable]:
        """See Crowd."""
        before = Counter(self.stores.conflicts)
        with ThreadPoolExecutor(self.size) as pool:
            answers = _together(pool, threading.Barrier(self.size), self.stores, act, range(self.size))
        self.conflicts += self.stores.conflicts - before
        return answers


class Processes:
    """A crowd of threads in processes, each of which has a client of its own."""

    def __init__(self, connections: list[Connection], threads: int) -> None:
        self.size = threads * len(connections)
        self.conflicts: Counter[str] = Counter()
        self._connections = connections

    def at_once[Answer](self, act: Act[Answer]) -> list[Answer | Unavailable]:
        """See Crowd."""
        for connection in self._connections:
            connection.send(act)
        answers: list[Answer | Unavailable] = []
        for connection in self._connections:
            some, conflicts = connection.recv()
            answers += some
            self.conflicts += conflicts
        return answers


@contextmanager
def processes(place: Place, *, count: int, threads: int) -> Iterator[Processes]:
    """Start *count* processes of *threads* threads each, and end them."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(count * threads)
    ours, running = [], []
    for number in range(count):
        here, there = context.Pipe()
        numbers = range(number * threads, (number + 1) * threads)
        process = context.Process(target=_serve, args=(place, there, start, numbers), daemon=True)
        process.start()
        there.close()
        ours.append(here)
        running.append(process)
    try:
        yield Processes(ours, threads)
    finally:
        for connection in ours:
            connection.close()
        for process in running:
            process.join()


def _serve(place: Place, connection: Connection, start: Barrier, numbers: range) -> None:
    """Act with the others until the connection closes."""
    stores = place.stores(connections=len(numbers))
    with ThreadPoolExecutor(len(numbers)) as pool:
        while True:
            try:
                act = connection.recv()
            except EOFError:
                return
            answers = _together(pool, start, stores, act, numbers)
            connection.send((answers, Counter(stores.conflicts)))
            stores.conflicts.clear()


def _together[Answer](
    pool: ThreadPoolExecutor, start: Barrier, stores: Stores, act: Act[Answer], numbers: range
) -> list[Answer | Unavailable]:
    def run(number: int) -> Answer | Unavailable:
        start.wait()
        try:
            return act(stores, number)
        except Unavailable as error:
            return error

    return list(pool.map(run, numbers))
