"""The handlers as they are, loaded under the environment that the template gives them; AWS is never asked."""

import importlib.util
import json
from types import ModuleType
from typing import Any

import pytest

from tests.docs.described import REPOSITORY, Node
from tests.template.stacks import Stack

HTTP_FUNCTIONS = {
    "IssueFunction": "issue",
    "VerifyFunction": "verify",
    "StatusFunction": "status",
    "KeysFunction": "keys",
}
_REGION = {"AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1"}
_NOBODY = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nobody"}


class _Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "described"

    def get_remaining_time_in_millis(self) -> int:
        return 15_000


class Handlers:
    """Every HTTP handler of one stack, by the routes it says it serves."""

    def __init__(self, stack: Stack, environment: pytest.MonkeyPatch) -> None:
        self.routes: dict[str, ModuleType] = {}
        for logical_id, name in HTTP_FUNCTIONS.items():
            variables: dict[str, Any] = stack.properties(logical_id)["Environment"]["Variables"]
            for variable, value in (variables | _REGION | _NOBODY).items():
                environment.setenv(variable, str(value))
            module = _fresh(name)
            self.routes |= dict.fromkeys(module._ROUTES, module)

    def answer(self, route: str, body: object, **headers: str) -> Node:
        """Return the handler's answer; the body is sent as JSON unless it is text already."""
        event = {
            "routeKey": route,
            "headers": {"content-type": "application/json"} | headers,
            "body": body if isinstance(body, str) else json.dumps(body),
            "requestContext": {"http": {"sourceIp": "203.0.113.9"}},
        }
        answer: Node = self.routes[route].handler(event, _Context())
        return answer | {"body": json.loads(answer["body"])}


def _fresh(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"described_{name}", REPOSITORY / "functions" / name / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
