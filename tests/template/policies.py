"""Every policy statement of a stack, and who may do what by it."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from tests.template.stacks import Node, Stack

ACCOUNT = "arn:aws:iam::000000000000:root"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement; *where* is the resource that carries it, *role* the role it is given to, if it is."""

    where: str
    role: str | None
    sid: str
    allows: bool
    actions: frozenset[str]
    resources: frozenset[str]
    principals: frozenset[str]
    condition: Node

    def permits(self, action: str) -> bool:
        """Whether it allows *action*, wildcards included."""
        return self.allows and any(fnmatchcase(action, pattern) for pattern in self.actions)

    def covers(self, resource: str) -> bool:
        """Whether it speaks of *resource*, wildcards included."""
        return any(fnmatchcase(resource, pattern) for pattern in self.resources)


def statements(stack: Stack) -> Iterator[Statement]:
    """Yield the statements of every policy document, wherever in a resource it stands."""
    for logical_id, resource in stack.resources.items():
        properties = resource["Properties"]
        role = logical_id if resource["Type"] == "AWS::IAM::Role" else properties.get("RoleName")
        for document in _documents(properties):
            for raw in _list(document["Statement"]):
                given_to = None if "Principal" in raw else role
                yield _statement(logical_id, given_to, raw)


def roles_by_iam(stack: Stack, action: str, resource: str) -> set[str | None]:
    """Return the roles whose own policies let them do *action* to *resource*."""
    given = (each for each in statements(stack) if each.role)
    return {each.role for each in given if each.permits(action) and each.covers(resource)}


def principals_by_key_policy(stack: Stack, action: str, key: str) -> set[str]:
    """Return whom the policy of *key* lets do *action*: role ARNs as `XRole.Arn`, services, the account's root."""
    own = (each for each in statements(stack) if each.where == key and each.permits(action))
    return {principal for each in own for principal in each.principals}


def _documents(value: Any) -> Iterator[Node]:
    if isinstance(value, dict):
        if "Statement" in value:
            yield value
        for member in value.values():
            yield from _documents(member)
    elif isinstance(value, list):
        for item in value:
            yield from _documents(item)


def _statement(where: str, role: str | None, raw: Node) -> Statement:
    principal = raw.get("Principal", {})
    named = [principal] if isinstance(principal, str) else [p for kind in principal.values() for p in _list(kind)]
    return Statement(
        where=where,
        role=role,
        sid=raw.get("Sid", ""),
        allows=raw["Effect"] == "Allow",
        actions=frozenset(_list(raw["Action"])),
        resources=frozenset(_list(raw.get("Resource", []))),
        principals=frozenset(named),
        condition=raw.get("Condition", {}),
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
