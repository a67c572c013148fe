"""What a caller may choose about a sandbox."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_PORT = 8000
REPOSITORY = Path(__file__).resolve().parents[3]


def _port() -> int:
    return int(os.environ.get("OTPOST_PORT", DEFAULT_PORT))


def _runtime_python() -> Path:
    chosen = os.environ.get("OTPOST_RUNTIME_PYTHON")
    return Path(chosen) if chosen else REPOSITORY / ".venv-runtime" / "bin" / "python"


def _dynamodb() -> str:
    return os.environ.get("OTPOST_DYNAMODB") or "moto"


def _state_folder() -> Path:
    return Path(os.environ.get("OTPOST_STATE_FOLDER") or REPOSITORY / ".sandbox")


def _bridge() -> str | None:
    return os.environ.get("OTPOST_BRIDGE") or None


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxOptions:
    """Everything has a default that fits this repository.

    *parameters* override those of *config*'s *environment*. *port* 0 takes a free one. *workers_per_function* caps the
    processes of one function; *patience* is how long, in seconds, a request waits for its answer, as API Gateway does.
    *dynamodb* is what stands in for it: `moto`, or `local` for Amazon's DynamoDB Local, which has to be installed.
    *bridge* is this machine's address on a bridge between containers, which then reach the backends there, too.
    *state_folder* receives the files that other tools read (never committed).
    """

    template: Path = REPOSITORY / "template.yaml"
    config: Path = REPOSITORY / "samconfig.toml"
    environment: str = "sandbox"
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    stack_name: str = "otpost-sandbox"
    port: int = field(default_factory=_port)
    runtime_python: Path = field(default_factory=_runtime_python)
    workers_per_function: int = 2 * (os.cpu_count() or 1)
    patience: float = 29.0
    dynamodb: str = field(default_factory=_dynamodb)
    bridge: str | None = field(default_factory=_bridge)
    state_folder: Path = field(default_factory=_state_folder)
