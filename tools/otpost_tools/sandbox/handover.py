"""Files under .sandbox/ that let `sam local` use a running sandbox's backends, and the lines that do it."""

import json
import platform
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from otpost_tools.sandbox import place
from otpost_tools.sandbox.endpoints import Endpoints
from otpost_tools.sandbox.stack import Function

_DEBUG_PORT = 5890


def write_env_vars(folder: Path, functions: Iterable[Function], endpoints: Endpoints) -> None:
    """Write every function's own variables, and what leads to the *endpoints* as containers reach them."""
    folder.mkdir(parents=True, exist_ok=True)
    backends = {name: value for name, value in endpoints.environment().items() if not name.endswith("_FILE")}
    variables = {function.logical_id: {**function.environment, **backends} for function in functions}
    env_vars_file(folder).write_text(json.dumps(variables, indent=2) + "\n", "utf-8")
    _container_file(folder).write_text(json.dumps(backends, indent=2) + "\n", "utf-8")


def env_vars_file(folder: Path) -> Path:
    """Return `sam local`'s --env-vars file."""
    return folder / "env-vars.json"


def _container_file(folder: Path) -> Path:
    return folder / "container-env-vars.json"


def build_command() -> str:
    """Return the `sam build` line: for this machine's processor, since a container cannot run another's packages."""
    return f"sam build {_for_this_machine()}"


def invoke_command(folder: Path) -> str:
    """Return the `sam local invoke` line.

    --env-vars sets only variables that the template declares, and AWS_ENDPOINT_URL is none of them. What SAM adds to a
    container besides is --container-env-vars, and that only with a debug port (nothing has to listen to it). These
    come last, so the sandbox's credentials take the place of the user's own, which SAM would hand over.
    """
    with suppress(ValueError):
        folder = folder.relative_to(Path.cwd())
    return (
        f"sam local invoke IssueFunction --event events/issue-accepted.json --region {place.REGION}"
        f" {_for_this_machine()} --env-vars {env_vars_file(folder)}"
        f" --container-env-vars {_container_file(folder)} --debug-port {_DEBUG_PORT}"
    )


def _for_this_machine() -> str:
    architecture = "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"
    return f"--parameter-overrides Architecture={architecture}"
