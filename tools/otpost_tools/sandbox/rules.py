"""EventBridge's event patterns, as far as rules on SES events use them."""

from collections.abc import Mapping
from typing import Any

from otpost_tools.sandbox.errors import TemplateError


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether *event* matches: every member of the pattern matches, a member's alternatives being a list."""
    return all(_member(wanted, event.get(name), name in event) for name, wanted in pattern.items())


def _member(wanted: Any, value: Any, present: bool) -> bool:  # noqa: ANN401, FBT001 (any JSON)
    if isinstance(wanted, Mapping):
        return isinstance(value, Mapping) and matches(wanted, value)
    values = value if isinstance(value, list) else [value]
    return any(_one(alternative, item, present) for alternative in wanted for item in values)


def _one(alternative: Any, value: Any, present: bool) -> bool:  # noqa: ANN401, FBT001 (any JSON)
    if not isinstance(alternative, Mapping):
        return present and bool(alternative == value)
    ((name, argument),) = alternative.items()
    match name:
        case "exists":
            return present is argument
        case "prefix":
            return isinstance(value, str) and value.startswith(argument)
        case "suffix":
            return isinstance(value, str) and value.endswith(argument)
        case "anything-but":
            others = argument if isinstance(argument, list) else [argument]
            return present and value not in others
        case _:
            raise TemplateError(f"The sandbox does not know the event pattern {name!r}.")
