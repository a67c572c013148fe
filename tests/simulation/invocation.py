"""One invocation of a handler, as a greenlet: it runs until it calls a port, and goes on when the world answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import greenlet

from otpost.errors import Unavailable
from tests.simulation.clock import Clock
from tests.simulation.numbers import TIMEOUTS
from tests.simulation.post import Post
from tests.simulation.step import Step


@dataclass(frozen=True, slots=True)
class Context:
    """What Lambda hands a handler beside the event; the time left is simulated."""

    clock: Clock
    deadline: datetime
    function_name: str = "otpost-function"
    memory_limit_in_mb: int = 256
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:otpost-function"
    aws_request_id: str = "8f5dd0f4-0f0a-4c1c-9f0e-0a1b2c3d4e5f"

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the function may still run."""
        return max(0, (self.deadline - self.clock.now) // timedelta(milliseconds=1))


class Invocation:
    """A handler at work. *pending* is the step it waits for; *response* what it returned, *error* what it raised."""

    def __init__(
        self, name: str, handler: Callable[..., Any], *, region: str, function: str, clock: Clock, skew: timedelta
    ) -> None:
        self.name, self.region, self.function = name, region, function
        self.pending: Step | None = None
        self.response: Any = None
        self.error: Exception | None = None
        self.post: Post | None = None
        self.crashed = False
        self.steps = 0
        self.deadline = clock.now + TIMEOUTS[function]
        self.began = clock.now + skew
        """The instant that serves it: what its own clock showed when it began."""
        self._clock, self._skew = clock, skew
        self._greenlet = greenlet.greenlet(handler)

    def start(self, event: Mapping[str, Any]) -> None:
        """Run up to the first step."""
        self._go(self._greenlet.switch, event, Context(self._clock, self.deadline))

    def go_on(self, answer: object) -> None:
        """Give the answer to the pending step and run up to the next one."""
        self._go(self._greenlet.switch, answer)

    def hear_nothing(self) -> None:
        """Let the pending step fail, as one that nobody answers."""
        self._go(self._greenlet.throw, Unavailable("Nobody answered."))

    def crash(self) -> None:
        """End here: nothing more is done, nothing is answered."""
        self.crashed, self.pending = True, None
        self._greenlet.throw(greenlet.GreenletExit)

    @property
    def running(self) -> bool:
        """Say whether a step is pending."""
        return self.pending is not None

    def _go(self, switch: Callable[..., Any], *what: object) -> None:
        self._clock.show(self._skew)
        self.pending = None
        try:
            said = switch(*what)
        except Exception as error:  # noqa: BLE001 - whatever escapes a handler; the laws judge it
            self.error = error
            return
        if isinstance(said, Step):
            self.pending = said
            self.steps += 1
        else:
            self.response = said
