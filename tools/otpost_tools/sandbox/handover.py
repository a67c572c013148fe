"""Files under .sandbox/ that let other tools use a running sandbox's backends."""

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from otpost_tools.sandbox import place
from otpost_tools.sandbox.endpoints import Endpoints
from otpost_tools.sandbox.stack import Function

_DEBUG_PORT = 5890


def write_env_vars(folder: Path, functions: Iterable[Function], endpoints: Endpoints) -> Path:
    """Write `sam local`'s --env-vars file: every function's own variables, and the address of the backends."""
    folder.mkdir(parents=True, exist_ok=True)
    backends = {name: value for name, value in endpoints.environment().items() if not name.endswith("_FILE")}
    variables = {function.logical_id: {**function.environment, **backends} for function in functions}
    path = folder / "env-vars.json"
    path.write_text(json.dumps(variables, indent=2) + "\n", "utf-8")
    (folder / "container-env-vars.json").write_text(json.dumps(backends, indent=2) + "\n", "utf-8")
    return path


def invoke_command(folder: Path) -> str:
    """The `sam local invoke` line.

    --env-vars sets only variables that the template declares, and AWS_ENDPOINT_URL is none of them. What SAM adds to a
    container besides is --container-env-vars, and that only with a debug port (nothing has to listen to it).
    """
    with suppress(ValueError):
        folder = folder.relative_to(Path.cwd())
    return (
        f"sam local invoke IssueFunction --event events/issue-accepted.json --region {place.REGION}"
        f" --docker-network host --env-vars {folder}/env-vars.json"
        f" --container-env-vars {folder}/container-env-vars.json --debug-port {_DEBUG_PORT}"
    )
