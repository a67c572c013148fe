"""Rules on the HTTP API. A rule returns what is wrong, nothing if all is well; the rest says what is there."""

import json
import re

from tests.template.stacks import Node, Stack

ROUTES = {
    "POST /v1/challenges": "IssueFunction",
    "POST /v1/challenges/resend": "IssueFunction",
    "POST /v1/challenges/cancel": "IssueFunction",
    "POST /v1/challenges/verify": "VerifyFunction",
    "POST /v1/challenges/status": "StatusFunction",
    "GET /.well-known/jwks.json": "KeysFunction",
    "GET /openapi.json": "KeysFunction",
    "GET /v1/health": "KeysFunction",
}
FOR_BACKENDS = {route for route in ROUTES if route.startswith("POST")}
# Nothing of the request but its route, nothing of the caller at all.
LOGGABLE = {
    "requestId",
    "requestTime",
    "routeKey",
    "status",
    "responseLength",
    "responseLatency",
    "integrationLatency",
    "integrationStatus",
    "error.responseType",
}
_FUNCTION = re.compile(r":lambda:path/2015-03-31/functions/(\w+)\.Arn/invocations$")


def body(stack: Stack) -> Node:
    """Return the API's OpenAPI document."""
    found: Node = stack.properties("HttpApi")["Body"]
    return found


def _operations(stack: Stack) -> dict[str, Node]:
    paths = body(stack)["paths"].items()
    return {f"{method.upper()} {path}": each for path, methods in paths for method, each in methods.items()}


def routes(stack: Stack) -> dict[str, str]:
    """Return the function behind each route."""
    found: dict[str, str] = {}
    for route, operation in _operations(stack).items():
        match = _FUNCTION.search(operation["x-amazon-apigateway-integration"]["uri"])
        found[route] = match[1] if match else ""
    return found


def signed_routes(stack: Stack) -> set[str]:
    """Return the routes that ask for an AWS signature."""
    return {
        route for route, operation in _operations(stack).items() if {"AWS_IAM": []} in operation.get("security", [])
    }


def catch_all_routes(stack: Stack) -> list[str]:
    """Routes that take more than one method or path."""
    return [route for route in _operations(stack) if re.search(r"\$default|\{|\+|ANY|X-AMAZON", route, re.IGNORECASE)]


def permissions(stack: Stack) -> set[tuple[str, str]]:
    """Return which route of this API may invoke which function, as (route, function)."""
    found: set[tuple[str, str]] = set()
    for permission in stack.of_type("AWS::Lambda::Permission").values():
        resource = permission.get("SourceArn", "").partition(":HttpApi/*/")[2]
        found.add((resource.replace("/", " /", 1), permission["FunctionName"]))
    return found


def unthrottled_routes(stack: Stack) -> list[str]:
    """Routes without a rate and a burst of their own."""
    settings = stack.properties("HttpApiApiGatewayDefaultStage").get("RouteSettings", {})
    limits = ("ThrottlingRateLimit", "ThrottlingBurstLimit")
    return [r for r in routes(stack) if not all(int(settings.get(r, {}).get(limit, 0)) > 0 for limit in limits)]


def talkative_access_log(stack: Stack) -> list[str]:
    """What the access log says of a request beyond its route and outcome."""
    text = stack.properties("HttpApiApiGatewayDefaultStage")["AccessLogSettings"]["Format"]
    fields: Node = json.loads(text)
    return [f"{name}: {value}" for name, value in fields.items() if value.removeprefix("$context.") not in LOGGABLE]


def open_cors(stack: Stack) -> list[str]:
    """Origins that are not named one by one, and credentials."""
    cors = body(stack).get("x-amazon-apigateway-cors", {})
    wrong = [origin for origin in cors.get("allowOrigins", []) if "*" in origin or not origin]
    return [*wrong, *(["allowCredentials"] if cors.get("allowCredentials") else [])]


def default_endpoint_is_closed(stack: Stack) -> bool:
    """Whether the API answers under its own domain only. The translator says so beside the servers."""
    (server,) = body(stack)["servers"]
    closed: bool = server["x-amazon-apigateway-endpoint-configuration"]["disableExecuteApiEndpoint"]
    return closed
