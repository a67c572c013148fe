"""What is on its way in a world: requests, batches of messages, steps that arrive late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.simulation.invocation import Invocation
from tests.simulation.post import Post, Reply
from tests.simulation.step import Step

LATEST = timedelta(seconds=8)
"""How long after its caller gave up a request may still arrive."""


@dataclass(slots=True, eq=False)
class Call:
    """A request under way. *over* once the function ended, with a reply or by dying."""

    post: Post
    invocation: Invocation
    reply: Reply | None = None
    over: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """A batch of messages in the hands of deliver."""

    region: str
    event: dict[str, Any]
    invocation: Invocation
    deliverer: int


@dataclass(frozen=True, slots=True, eq=False)
class Late:
    """A step that is still on its way although nobody waits for it."""

    step: Step
    invocation: Invocation
    until: datetime
