"""How the workers of a function are made: interpreter, code and environment, as Lambda would set them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from otpost_tools.sandbox.clock import Clock
from otpost_tools.sandbox.endpoints import Endpoints
from otpost_tools.sandbox.logs import Logs
from otpost_tools.sandbox.stack import Function

_RUNTIME = "AWS_Lambda_python3.13"
_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that a worker of *function* needs. *environment* lacks only the address of its Runtime API."""

    function: Function
    python: Path
    task_root: Path
    environment: Mapping[str, str]
    clock: Clock
    logs: Logs


def task_root(function: Function, folder: Path) -> Path:
    """A folder that holds what the function's package holds, as links: `functions/verify` and nothing beside it."""
    if not function.package:
        return function.code
    link = folder / function.logical_id / Path(*function.package)
    link.parent.mkdir(parents=True)
    link.symlink_to(function.code, target_is_directory=True)
    return folder / function.logical_id


def environment(function: Function, *, root: Path, endpoints: Endpoints) -> dict[str, str]:
    """The whole environment of the function's processes; nothing of the sandbox's own gets in."""
    search_path = (root, *function.layers)
    return {
        **function.environment,
        **endpoints.environment(),
        "AWS_EXECUTION_ENV": _RUNTIME,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": function.log_format,
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": "sandbox/[$LATEST]",
        "LAMBDA_TASK_ROOT": str(root),
        "LANG": "en_US.UTF-8",
        "PATH": _PATH,
        "PYTHONPATH": ":".join(map(str, search_path)),
        "PYTHONUTF8": "1",
        "TZ": ":UTC",
        "_HANDLER": function.handler,
    }
