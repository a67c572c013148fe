"""What one process needs once: the loaded functions, a clock that can be moved, entropy that a seed gives, a tape."""

import contextlib
import functools
import io
import random
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import time_machine

from tests.fakes.keys import MemorySigner
from tests.simulation.functions import REGIONS, Functions, environment

EPOCH = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
_TAPE = io.StringIO()
"""One a process: the functions' logger keeps the stream that it was made with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where worlds are run, one after the other. Everything that is printed meanwhile is on the *tape*."""

    traveller: time_machine.Traveller
    functions: dict[str, Functions]
    signer: MemorySigner
    entropy: random.Random
    tape: io.StringIO = field(repr=False)

    def clear(self, seed: str) -> None:
        """Make ready for a world: the same seed finds the same stage."""
        self.entropy.seed(seed)
        self.tape.seek(0)
        self.tape.truncate()


@contextmanager
def stage() -> Generator[Stage]:
    """Set the stage. The operating system's clock and entropy are simulated below the code that runs, not in it."""
    entropy = random.Random()
    with contextlib.redirect_stdout(_TAPE), environment(REGIONS[0]), _entropy_from(entropy):
        functions, signer = _loaded_once()
        with time_machine.travel(EPOCH.timestamp(), tick=False) as traveller:
            yield Stage(traveller=traveller, functions=functions, signer=signer, entropy=entropy, tape=_TAPE)


@functools.cache
def _loaded_once() -> tuple[dict[str, Functions], MemorySigner]:
    return {region: Functions(region) for region in REGIONS}, MemorySigner()


@contextmanager
def _entropy_from(source: random.Random) -> Generator[None]:
    genuine = secrets.token_bytes
    secrets.token_bytes = lambda nbytes=None: source.randbytes(nbytes or secrets.DEFAULT_ENTROPY)
    try:
        yield
    finally:
        secrets.token_bytes = genuine
