"""What a sandbox says while it starts, runs and stops: plain values, for any caller to print."""

from dataclasses import dataclass, field

from otpost_tools.sandbox.stack import Function, Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A step begins."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The AWS identity that routes with AWS_IAM accept."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The sandbox accepts requests.

    *not_emulated* counts by type what the template declares and the sandbox neither runs nor creates. *init_errors*
    says by function why its first process did not start. *caller* is there if a route asks for a signature.
    *dynamodb* names what stands in for it. *invoke_command* reaches the same backends from a container of
    `sam local invoke`, after *build_command*.
    """

    url: str
    inbox_url: str
    backends_url: str
    dynamodb: str
    seconds: float
    functions: tuple[Function, ...]
    routes: tuple[Route, ...]
    not_emulated: dict[str, int]
    init_errors: dict[str, str]
    caller: Caller | None
    env_vars_file: str
    build_command: str
    invoke_command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The sandbox cannot start, or cannot go on; the text says what to do."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """Everything that was started is gone."""


type News = Progress | Started | Refused | Stopped
