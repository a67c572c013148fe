"""A TOML table that is read member by member, typed; what is missing, mistyped or unknown is an error with its path."""

import re
from collections.abc import Mapping
from typing import cast


class AdapterError(Exception):
    """An adapter file cannot be used; the text says where and why."""


class Table:
    """One table. `end` must follow the last read: it refuses members that nobody asked for."""

    def __init__(self, members: object, path: str) -> None:
        if not isinstance(members, dict):
            raise AdapterError(f"{path}: must be a table")
        self.path = path
        self._members = cast("dict[str, object]", members)
        self._read = set[str]()

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def get(self, name: str) -> object:
        """The raw member, None if absent."""
        self._read.add(name)
        return self._members.get(name)

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def text(self, name: str, default: str | None = None) -> str:
        value = self.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise AdapterError(f"{self.at(name)}: must be a string" + ("" if name in self else " (it is missing)"))
        return value

    def whole(self, name: str, *, least: int = 1) -> int | None:
        """A whole number of at least *least*; None if absent."""
        value = self.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise AdapterError(f"{self.at(name)}: must be a whole number from {least} on")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise AdapterError(f"{self.at(name)}: must be true or false")
        return value

    def pattern(self, name: str, *, groups: int = 0) -> re.Pattern[str]:
        """A regular expression with at least this many groups."""
        return compiled(self.text(name), self.at(name), groups=groups)

    def texts(self, name: str) -> dict[str, str]:
        """A table of strings; empty if absent."""
        members = self.members(name)
        for key, value in members.items():
            if not isinstance(value, str):
                raise AdapterError(f"{self.at(name)}.{key}: must be a string")
        return cast("dict[str, str]", members)

    def members(self, name: str) -> Mapping[str, object]:
        """A table as it stands; empty if absent."""
        value = self.get(name)
        if not isinstance(value, dict | None):
            raise AdapterError(f"{self.at(name)}: must be a table")
        return cast("dict[str, object]", value or {})

    def table(self, name: str) -> "Table":
        """A table that must be there."""
        if name not in self:
            raise AdapterError(f"[{self.at(name)}] is missing")
        return Table(self.get(name), self.at(name))

    def tables(self, name: str) -> "list[Table]":
        """A list of tables; empty if absent."""
        value = self.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise AdapterError(f"{self.at(name)}: must be a list of tables")
        return [Table(one, f"{self.at(name)}[{at}]") for at, one in enumerate(cast("list[object]", value))]

    def end(self) -> None:
        """Raise AdapterError if the table has a member that was not read."""
        if unknown := sorted(self._members.keys() - self._read):
            raise AdapterError(f"{self.at(unknown[0])}: no such key; known here: {', '.join(sorted(self._read))}")


def compiled(text: str, path: str, *, groups: int = 0) -> re.Pattern[str]:
    """Compile a pattern that reads line by line; AdapterError if it is none or has fewer than *groups* groups."""
    try:
        pattern = re.compile(text, re.MULTILINE)
    except re.error as error:
        raise AdapterError(f"{path}: not a regular expression: {error}") from error
    if pattern.groups < groups:
        raise AdapterError(f"{path}: needs a group (…) round the value")
    return pattern
