"""Texts with {placeholders}, and JSON made of them."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from otpost_tools.torture.adapter import Json

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")

type Variables = Mapping[str, str | int]


def filled(text: str, variables: Variables) -> str:
    """*text* with every placeholder replaced; KeyError for one that has no value."""
    return _PLACEHOLDER.sub(lambda found: str(variables[found[1]]), text)


def filled_url(text: str, variables: Variables) -> str:
    """Likewise, percent-encoded, except {url}, which is a URL itself."""
    encoded = {name: value if name == "url" else quote(str(value), safe="") for name, value in variables.items()}
    return filled(text, encoded)


def filled_json(value: Json, variables: Variables) -> Json:
    """Likewise in every text of *value*. A text that is nothing but a placeholder takes the value with its type."""
    match value:
        case str():
            alone = _PLACEHOLDER.fullmatch(value)
            return variables[alone[1]] if alone else filled(value, variables)
        case list():
            return [filled_json(one, variables) for one in value]
        case dict():
            return {name: filled_json(one, variables) for name, one in value.items()}
        case _:
            return value


def placeholders(value: object) -> Iterator[str]:
    """Every name that *value*, a text or JSON, has a placeholder for."""
    match value:
        case str():
            yield from _PLACEHOLDER.findall(value)
        case list() | tuple():
            for one in value:
                yield from placeholders(one)
        case Mapping():
            yield from placeholders(list(value.values()))
        case _:
            return
