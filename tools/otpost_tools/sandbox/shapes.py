"""Plain JSON values, and the checks that turn them into the shape a reader needs.

A template is written by people: a wrong shape is answered with the place where it stands, not with a traceback.
"""

from otpost_tools.sandbox.errors import TemplateError

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None


def mapping(value: Json, where: str) -> dict[str, Json]:
    """*value* as an object; absent counts as empty."""
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    raise TemplateError(f"{where}: expected an object, got {value!r}")


def sequence(value: Json) -> list[Json]:
    """*value* as a list; absent counts as empty, and a single value as a list of one (as CloudFormation does)."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text(value: Json, where: str) -> str:
    """*value* as CloudFormation writes it into a string."""
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
        case _:
            raise TemplateError(f"{where}: expected text, got {value!r}")


def integer(value: Json, where: str) -> int:
    """*value* as a whole number, from a number or its digits."""
    try:
        return int(text(value, where))
    except ValueError as error:
        raise TemplateError(f"{where}: expected a whole number, got {value!r}") from error


def truth(value: Json, where: str) -> bool:
    """*value* as a boolean, from a boolean or its name."""
    name = text(value, where)
    if name not in {"true", "false"}:
        raise TemplateError(f"{where}: expected true or false, got {value!r}")
    return name == "true"
