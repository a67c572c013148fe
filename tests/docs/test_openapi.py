"""docs/openapi.yaml, the document: valid, served as it is, and of exactly the routes and codes that exist."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from otpost.window import Limit
from otpost_tools import openapi
from tests.docs.described import API, REPOSITORY, SCHEMAS, Node, codes_in, codes_of, operations, validator
from tests.docs.served import Handlers
from tests.template.stacks import Stack

SIGNED = {f"POST /v1/challenges{act}" for act in ("", "/verify", "/resend", "/status", "/cancel")}


def test_the_description_is_valid_openapi() -> None:
    validate(API)


def test_the_keys_function_serves_the_description(browser: Handlers) -> None:
    answer = browser.answer("GET /openapi.json", "")
    assert answer["body"] == API


def test_the_json_is_the_yaml_of_today() -> None:
    assert openapi.main(["--check"]) == 0


def test_a_json_of_yesterday_is_found_and_written_anew(tmp_path: Path) -> None:
    source, target = tmp_path / "openapi.yaml", tmp_path / "openapi.json"
    source.write_text("openapi: 3.1.0\n")
    target.write_text("{}")

    assert openapi.main(["--check"], source=source, target=target) == 1
    assert target.read_text() == "{}"
    assert openapi.main([], source=source, target=target) == 0
    assert json.loads(target.read_text()) == {"openapi": "3.1.0"}


def test_the_version_is_that_of_the_product() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    assert API["info"]["version"] == project["version"]
    assert API["info"]["license"]["identifier"] == project["license"]


def test_the_routes_are_those_of_the_handlers(browser: Handlers) -> None:
    assert set(operations()) == set(browser.routes)


def test_the_routes_are_those_of_the_api(source: Node) -> None:
    paths = source["Resources"]["HttpApi"]["Properties"]["DefinitionBody"]["paths"]
    assert set(operations()) == {f"{method.upper()} {path}" for path, item in paths.items() for method in item}


def test_each_route_starts_the_function_that_serves_it(browser: Handlers, stack: Stack) -> None:
    for logical_id, module in _modules(browser, stack):
        events = stack.source["Resources"][logical_id]["Properties"]["Events"].values()
        started = {f"{e['Properties']['Method']} {e['Properties']['Path']}" for e in events}
        assert started == set(module._ROUTES)


def test_what_may_be_signed_is_what_must_be_signed_in_backend_mode(source: Node) -> None:
    paths = source["Resources"]["HttpApi"]["Properties"]["DefinitionBody"]["paths"]
    guarded = {f"{m.upper()} {path}" for path, item in paths.items() for m, each in item.items() if "security" in each}
    optional = {route for route, each in operations().items() if each["security"] == [{}, {"awsSigV4": []}]}
    assert optional == guarded == SIGNED
    assert {route for route, each in operations().items() if "403" in each["responses"]} == SIGNED


def test_the_problem_codes_are_those_of_the_code() -> None:
    described = set().union(*(codes_of(schema) for schema in SCHEMAS.values()))
    assert described == set(codes_in(REPOSITORY / "layers" / "core" / "otpost" / "problem.py"))


def test_the_limits_are_those_of_the_code() -> None:
    assert SCHEMAS["Limit"]["enum"] == [limit.value for limit in Limit]


def test_only_keyed_routes_read_an_idempotency_key(browser: Handlers) -> None:
    described = {route for route, each in operations().items() if each.get("parameters")}
    for route in SIGNED:
        answer = browser.answer(route, _bodies()[route], **{"idempotency-key": "short"})
        flaws = answer["body"].get("errors", [])
        assert ({"header": "Idempotency-Key"}.items() <= flaws[0].items() if flaws else False) == (route in described)


@pytest.mark.parametrize("name", [name for name, schema in SCHEMAS.items() if "examples" in schema])
def test_the_examples_of_a_schema_are_what_it_describes(name: str) -> None:
    for example in SCHEMAS[name]["examples"]:
        validator(SCHEMAS[name]).validate(example)


def test_the_examples_of_bodies_are_what_they_show() -> None:
    shown = list(_examples(API))
    assert len(shown) > 20
    for schema, value in shown:
        validator(schema).validate(value)


def _examples(node: Any) -> Iterator[tuple[Node, object]]:
    if isinstance(node, dict):
        if "schema" in node:
            yield from ((node["schema"], each["value"]) for each in node.get("examples", {}).values())
            yield from ((node["schema"], node["example"]) for _ in ["once"] if "example" in node)
        for value in node.values():
            yield from _examples(value)


def _bodies() -> dict[str, Node]:
    nowhere = {"challenge_id": "names-no-challenge"}
    named = dict.fromkeys(SIGNED, nowhere)
    issue = {"POST /v1/challenges": {"email": "ada@example.com", "purpose": "sign_in"}}
    return named | issue | {"POST /v1/challenges/verify": nowhere | {"code": "042137", "purpose": "sign_in"}}


def _modules(browser: Handlers, stack: Stack) -> Iterator[tuple[str, Any]]:
    handlers = {stack.properties(name)["Handler"]: name for name in stack.resources if name.endswith("Function")}
    for module in set(browser.routes.values()):
        yield handlers[module.__name__.replace("described_", "functions.") + ".app.handler"], module
