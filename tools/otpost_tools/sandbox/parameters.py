"""The values of the template's parameters: samconfig's for the environment, then the caller's, all within bounds."""

import re
import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path

from otpost_tools.sandbox.errors import TemplateError
from otpost_tools.sandbox.shapes import Json, integer, mapping, sequence, text

_LISTS = {"CommaDelimitedList", "List<Number>", "List<String>"}


def from_samconfig(path: Path, environment: str) -> dict[str, str]:
    """The parameter overrides of *environment* in samconfig.toml; none if there is no such file."""
    if not path.exists():
        return {}
    commands = mapping(tomllib.loads(path.read_text("utf-8")).get(environment), f"{path} [{environment}]")
    values: dict[str, str] = {}
    for command in ("global", "deploy"):
        table = mapping(commands.get(command), command)
        given = mapping(table.get("parameters"), command).get("parameter_overrides")
        values |= _overrides(given)
    return values


def _overrides(given: Json) -> dict[str, str]:
    if isinstance(given, dict):
        return {name: text(value, name) for name, value in given.items()}
    # One string of Name=Value pairs with shell quoting, or a list of such pairs.
    words = [word for item in sequence(given) for word in shlex.split(text(item, "overrides"))]
    pairs = [word.partition("=") for word in words]
    return {name: value for name, _, value in pairs}


def values(declared: Json, chosen: Mapping[str, str]) -> dict[str, Json]:
    """Every declared parameter's value; raises TemplateError for an unknown name, or a value outside its bounds."""
    parameters = mapping(declared, "Parameters")
    unknown = sorted(set(chosen) - set(parameters))
    if unknown:
        known = ", ".join(sorted(parameters))
        raise TemplateError(f"The template has no parameter {', '.join(unknown)}. It has: {known}.")
    return {name: _value(name, mapping(rule, name), chosen.get(name)) for name, rule in parameters.items()}


def _value(name: str, rule: dict[str, Json], chosen: str | None) -> Json:
    if chosen is None and "Default" not in rule:
        raise TemplateError(f"Parameter {name} has no default: set it in samconfig.toml or with --set {name}=…")
    value = chosen if chosen is not None else _default(rule["Default"], name)
    if rule.get("Type") not in _LISTS:
        _check(name, rule, value)
        return value
    items = [item.strip() for item in value.split(",")] if value else []
    for item in items:
        _check(name, rule, item)
    return [*items]


def _default(value: Json, name: str) -> str:
    if isinstance(value, list):
        return ",".join(text(item, name) for item in value)
    return text(value, name)


def _check(name: str, rule: dict[str, Json], value: str) -> None:
    allowed = [text(item, name) for item in sequence(rule.get("AllowedValues"))]
    pattern = rule.get("AllowedPattern")
    if allowed and value not in allowed:
        raise TemplateError(f"Parameter {name} is {value!r}; it may be: {', '.join(allowed)}.")
    if pattern is not None and re.fullmatch(text(pattern, name), value) is None:
        hint = text(rule.get("ConstraintDescription", f"it must match {pattern}"), name)
        raise TemplateError(f"Parameter {name} is {value!r}: {hint}")
    size = _number(name, value) if rule.get("Type") in {"Number", "List<Number>"} else float(len(value))
    _check_range(name, rule, size)


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise TemplateError(f"Parameter {name} is {value!r}; it must be a number.") from error


def _check_range(name: str, rule: dict[str, Json], size: float) -> None:
    for bound, sign in (("MinValue", 1), ("MinLength", 1), ("MaxValue", -1), ("MaxLength", -1)):
        limit = rule.get(bound)
        if limit is not None and (size - integer(limit, name)) * sign < 0:
            raise TemplateError(f"Parameter {name} is out of bounds: its {bound} is {limit}.")
