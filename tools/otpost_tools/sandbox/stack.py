"""The stack as the sandbox runs it: plain typed values, nothing of CloudFormation left in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from otpost_tools.sandbox.shapes import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One Lambda function.

    *code* is its folder, *package* the path that this folder has inside the deployed package, *layers* the folders
    that Python searches besides.
    """

    logical_id: str
    name: str
    arn: str
    handler: str
    timeout: int
    memory: int
    environment: Mapping[str, str] = field(repr=False)
    code: Path
    package: tuple[str, ...]
    layers: tuple[Path, ...]
    log_group: str
    log_format: str
    reserved_concurrency: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route of the HTTP API; *signed* if only requests signed by an AWS identity pass."""

    method: str
    path: str
    function: str
    signed: bool

    @property
    def key(self) -> str:
        """The route key of an event."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cors:
    """What the HTTP API answers to pages of other origins."""

    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    max_age: int | None = None
    credentials: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSource:
    """One event source mapping from a queue to a function. *concurrency* None: as many batches as workers."""

    function: str
    queue_url: str
    queue_arn: str
    batch_size: int
    window: float
    partial_failures: bool
    concurrency: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An EventBridge rule on the default bus: events that match *pattern* go to *functions*."""

    name: str
    pattern: Mapping[str, Json]
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Everything that runs, and how often each type occurs that does not."""

    functions: tuple[Function, ...]
    routes: tuple[Route, ...]
    cors: Cors | None
    sources: tuple[QueueSource, ...]
    rules: tuple[Rule, ...]
    not_emulated: Mapping[str, int]
