"""Reads the HTTP API's routes and CORS settings from the translated OpenAPI definition."""

import re

from otpost_tools.sandbox.errors import TemplateError
from otpost_tools.sandbox.shapes import Json, integer, mapping, sequence, text, truth
from otpost_tools.sandbox.stack import Cors, Route

_METHODS = {"get", "put", "post", "delete", "options", "head", "patch"}
_INTEGRATION = "x-amazon-apigateway-integration"
_FUNCTION_IN_URI = re.compile(r"functions/arn:[^:]*:lambda:[^:]*:[^:]*:function:([^:/]+)")


def routes(body: dict[str, Json], functions: dict[str, str]) -> tuple[Route, ...]:
    """The routes; *functions* gives the logical id of a function's name."""
    found: list[Route] = []
    for path, operations in mapping(body.get("paths"), "paths").items():
        if "{" in path or not path.startswith("/"):
            raise TemplateError(f"Route {path}: the sandbox maps whole paths only, no variables and no $default.")
        for method, operation in mapping(operations, path).items():
            if method not in _METHODS:
                raise TemplateError(f"Route {method} {path}: the sandbox maps single methods only.")
            found.append(_route(method.upper(), path, mapping(operation, path), functions))
    return tuple(found)


def _route(method: str, path: str, operation: dict[str, Json], functions: dict[str, str]) -> Route:
    where = f"{method} {path}"
    uri = text(mapping(operation.get(_INTEGRATION), where).get("uri"), f"{where}: its integration has no uri")
    found = _FUNCTION_IN_URI.search(uri)
    if found is None or found[1] not in functions:
        raise TemplateError(f"{where} leads to {uri}, which is no function of this template.")
    security = [mapping(item, where) for item in sequence(operation.get("security"))]
    schemes = {name for item in security for name in item}
    if schemes - {"AWS_IAM"}:
        raise TemplateError(f"{where} asks for {', '.join(sorted(schemes))}; the sandbox knows AWS_IAM.")
    return Route(method=method, path=path, function=functions[found[1]], signed=bool(schemes))


def cors(body: dict[str, Json]) -> Cors | None:
    """The CORS configuration, or None if pages of other origins are not to read answers."""
    declared = mapping(body.get("x-amazon-apigateway-cors"), "cors")
    if not declared:
        return None

    def texts(name: str) -> tuple[str, ...]:
        return tuple(text(item, name) for item in sequence(declared.get(name)))

    max_age = declared.get("maxAge")
    return Cors(
        origins=texts("allowOrigins"),
        methods=texts("allowMethods"),
        headers=texts("allowHeaders"),
        exposed=texts("exposeHeaders"),
        max_age=None if max_age is None else integer(max_age, "maxAge"),
        credentials=truth(declared.get("allowCredentials", False), "allowCredentials"),
    )
