"""Mistakes to make in a template, so that a rule has something to find. Each changes the template it is given."""

from collections.abc import Callable
from typing import Any

from tests.template.stacks import Node

type Mistake = Callable[[Node], None]


def _at(source: Node, path: str) -> Any:
    node: Any = source
    for step in path.split("/") if path else ():
        node = node[int(step) if isinstance(node, list) else step]
    return node


def put(path: str, name: str, value: object) -> Mistake:
    """Return the mistake of *value* under *name* in what stands at *path* below Resources."""

    def make(source: Node) -> None:
        _at(source["Resources"], path)[name] = value

    return make


def drop(path: str, name: str) -> Mistake:
    """Return the mistake of leaving *name* out of what stands at *path* below Resources."""

    def make(source: Node) -> None:
        node = _at(source["Resources"], path)
        del node[int(name) if isinstance(node, list) else name]

    return make


def grant(role: str, action: str, resource: object) -> Mistake:
    """Return the mistake of one statement too many in a role's policy."""
    extra = {"Sid": "OneTooMany", "Effect": "Allow", "Action": action, "Resource": resource}

    def make(source: Node) -> None:
        source["Resources"][f"{role}Policy"]["Properties"]["PolicyDocument"]["Statement"].append(extra)

    return make


def entrust(key: str, principal: object, action: str) -> Mistake:
    """Return the mistake of one statement too many in a key's policy."""
    extra = {"Sid": "OneTooMany", "Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"}

    def make(source: Node) -> None:
        source["Resources"][key]["Properties"]["KeyPolicy"]["Statement"].append(extra)

    return make


def declare(name: str, **declared: object) -> Mistake:
    """Return the mistake of a parameter declared like this, or of an old one with this changed."""

    def make(source: Node) -> None:
        source["Parameters"][name] = source["Parameters"].get(name, {}) | declared

    return make


def move_last(section: str) -> Mistake:
    """Return the mistake of a section at the end of the template."""

    def make(source: Node) -> None:
        source[section] = source.pop(section)

    return make
