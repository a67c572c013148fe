"""docs/openapi.yaml as the tests look at it."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

type Node = dict[str, Any]

REPOSITORY = Path(__file__).resolve().parents[2]
API: Node = yaml.safe_load((REPOSITORY / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
SCHEMAS: Node = API["components"]["schemas"]


def operations() -> dict[str, Node]:
    """Return every operation by its route, written as API Gateway writes it."""
    return {f"{method.upper()} {path}": each for path, item in API["paths"].items() for method, each in item.items()}


def validator(schema: Node) -> Draft202012Validator:
    """Return a validator of a schema of the description, formats included."""
    return Draft202012Validator(
        {"allOf": [schema], "components": API["components"]}, format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def accepts(schema_name: str, value: object) -> bool:
    """Say whether a value is what a schema of the components describes."""
    return validator(SCHEMAS[schema_name]).is_valid(value)


def resolved(node: Node) -> Node:
    """Return what a `$ref` points to, or the node itself."""
    reference: str | None = node.get("$ref")
    if reference is None:
        return node
    target: Node = API
    for step in reference.removeprefix("#/").split("/"):
        target = target[step]
    return target


def request_schema(route: str) -> Node:
    """Return the schema of a route's body."""
    body = resolved(operations()[route]["requestBody"])
    return resolved(body["content"]["application/json"]["schema"])


def codes_of(schema: Node) -> set[str]:
    """Return the problem codes that a schema allows; none if it is no problem."""
    code = schema.get("properties", {}).get("code", {})
    return set(code.get("enum", [code["const"]] if "const" in code else []))


def codes_in(module: Path) -> Iterator[str]:
    """Yield the code of every call of `problem` and of every row of `_VERDICTS` in a module."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="problem"), args=[_, ast.Constant(value=str(code)), *_]):
                yield code
            case ast.Tuple(elts=[ast.Attribute(value=ast.Name(id="HTTPStatus")), ast.Constant(value=str(code)), _]):
                yield code
            case _:
                pass
