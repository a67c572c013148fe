"""The end of a request's time: no try of a call begins that could not end before it.

A call that hangs takes all its patience, and one request makes several. Together they would outlive the function:
Lambda would end it between two writes, and the caller would get the gateway's bare error after 30 s. So every client
asks, before each try, whether Lambda leaves it the time.
"""

import math
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError

type Remaining = Callable[[], float]
"""Says how many milliseconds the function may still run."""

_ANSWER_SECONDS = 1.0
"""Kept for our own work between the calls and for the answer."""

_PAUSE_SECONDS = 1.0
"""The longest that botocore waits between two tries, after throttling."""

_ASKED_PAUSE_SECONDS = 5.0
"""How much longer it waits if AWS asks it to."""

_remaining: ContextVar[Remaining] = ContextVar("_remaining", default=lambda: math.inf)


class OutOfTime(BotoCoreError):
    """A try was not begun, so it certainly did nothing."""

    fmt = "No time is left for this call."


@contextmanager
def until(remaining: Remaining) -> Generator[None]:
    """While this lasts, every call ends a second before *remaining*, which Lambda's context has, comes to nothing."""
    token = _remaining.set(remaining)
    try:
        yield
    finally:
        _remaining.reset(token)


def keep[Client: BaseClient](client: Client, *, then: float = 0.0) -> Client:
    """Have *client* begin no try that could not end in time, with *then* seconds to spare for what must follow it."""
    config: Any = client.meta.config
    needed = config.connect_timeout + config.read_timeout + then

    def begin(**_: object) -> None:
        if _seconds_left() < needed:
            raise OutOfTime

    def begin_again(*, response: tuple[Any, object] | None, **_: object) -> bool | None:
        asked = response is not None and "x-amz-retry-after" in response[0].headers
        pause = _PAUSE_SECONDS + (_ASKED_PAUSE_SECONDS if asked else 0)
        return False if _seconds_left() < pause + needed else None  # None: botocore decides

    events: Any = client.meta.events  # the published type lets no handler answer
    events.register("request-created", begin)
    events.register_first(f"needs-retry.{client.meta.service_model.service_id.hyphenize()}", begin_again)
    return client


def _seconds_left() -> float:
    return _remaining.get()() / 1000 - _ANSWER_SECONDS
