"""CloudFormation's intrinsic functions, worked out to plain values."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass

from otpost_tools.sandbox.errors import TemplateError
from otpost_tools.sandbox.shapes import Json, integer, mapping, sequence, text

NO_VALUE = "AWS::NoValue"
_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")


class _Absent:
    """The result of Ref AWS::NoValue: the property, or the item of a list, is not there."""


_ABSENT = _Absent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the functions refer to: *ref* and *attribute* know resources, parameters and pseudo parameters."""

    ref: Callable[[str], Json]
    attribute: Callable[[str, str], Json]
    conditions: dict[str, Json]
    mappings: dict[str, Json]


class Resolver:
    """Works out the values of one template."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._functions: dict[str, Callable[[Json], Json | _Absent]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::If": self._if,
            "Fn::Join": self._join,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::FindInMap": self._find_in_map,
            "Fn::Base64": lambda value: base64.b64encode(self._text(value).encode()).decode(),
        }
        self._tests: dict[str, Callable[[list[Json]], bool]] = {
            "Fn::Equals": lambda sides: self._same(*sides),
            "Fn::And": lambda tests: all(self.holds(test) for test in tests),
            "Fn::Or": lambda tests: any(self.holds(test) for test in tests),
            "Fn::Not": lambda tests: not self.holds(tests[0]),
            "Fn::Contains": lambda given: self._text(given[1]) in self._texts(given[0]),
            "Fn::EachMemberIn": lambda given: set(self._texts(given[0])) <= set(self._texts(given[1])),
            "Condition": lambda given: self.condition(text(given[0], "Condition")),
        }

    def resolve(self, value: Json) -> Json:
        """*value* without intrinsic functions; what is AWS::NoValue is left out."""
        resolved = self._resolve(value)
        return None if isinstance(resolved, _Absent) else resolved

    def condition(self, name: str) -> bool:
        """Whether the template's condition *name* holds."""
        if name not in self._surroundings.conditions:
            raise TemplateError(f"The template has no condition {name}.")
        return self.holds(self._surroundings.conditions[name])

    def holds(self, test: Json) -> bool:
        """Whether one condition function holds."""
        name, argument = _call(test, also="Condition") or ("", None)
        if name not in self._tests:
            raise TemplateError(f"Not a condition: {test!r}")
        return self._tests[name](sequence(argument))

    def _resolve(self, value: Json) -> Json | _Absent:
        call = _call(value)
        if call is not None:
            return self._apply(*call)
        if isinstance(value, list):
            return [item for item in map(self._resolve, value) if not isinstance(item, _Absent)]
        if isinstance(value, dict):
            resolved = {name: self._resolve(member) for name, member in value.items()}
            return {name: member for name, member in resolved.items() if not isinstance(member, _Absent)}
        return value

    def _apply(self, name: str, argument: Json) -> Json | _Absent:
        if name in self._functions:
            return self._functions[name](argument)
        if name in self._tests:
            return self._tests[name](sequence(argument))
        raise TemplateError(f"The sandbox does not know {name}.")

    def _text(self, value: Json) -> str:
        return text(self.resolve(value), "intrinsic")

    def _texts(self, value: Json) -> list[str]:
        return [text(item, "intrinsic") for item in sequence(self.resolve(value))]

    def _same(self, left: Json, right: Json) -> bool:
        return self._texts(left) == self._texts(right)

    def _ref(self, argument: Json) -> Json | _Absent:
        name = text(argument, "Ref")
        return _ABSENT if name == NO_VALUE else self._surroundings.ref(name)

    def _get_att(self, argument: Json) -> Json:
        logical_id, attribute = argument if isinstance(argument, list) else text(argument, "GetAtt").split(".", 1)
        return self._surroundings.attribute(text(logical_id, "GetAtt"), self._text(attribute))

    def _sub(self, argument: Json) -> Json:
        parts = argument if isinstance(argument, list) else [argument, None]
        own = {name: self._text(value) for name, value in mapping(parts[1], "Fn::Sub").items()}

        def replace(match: re.Match[str]) -> str:
            literal, name = match[1], match[2].strip()
            if literal:
                return "${" + name + "}"
            if name in own:
                return own[name]
            return self._text({"Fn::GetAtt": name} if "." in name else {"Ref": name})

        return _VARIABLE.sub(replace, text(parts[0], "Fn::Sub"))

    def _if(self, argument: Json) -> Json | _Absent:
        condition, yes, no = sequence(argument)
        return self._resolve(yes if self.condition(text(condition, "Fn::If")) else no)

    def _join(self, argument: Json) -> Json:
        separator, items = sequence(argument)
        return text(separator, "Fn::Join").join(self._texts(items))

    def _select(self, argument: Json) -> Json:
        index, items = sequence(argument)
        return sequence(self.resolve(items))[integer(self.resolve(index), "Fn::Select")]

    def _split(self, argument: Json) -> Json:
        separator, whole = sequence(argument)
        return [*self._text(whole).split(text(separator, "Fn::Split"))]

    def _find_in_map(self, argument: Json) -> Json:
        found: Json = self._surroundings.mappings
        for key in sequence(argument):
            found = mapping(found, "Mappings").get(self._text(key))
        return found


def _call(value: Json, also: str = "") -> tuple[str, Json] | None:
    """The name and argument if *value* is a call of an intrinsic function (or of *also*, which only tests may use)."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    ((name, argument),) = value.items()
    return (name, argument) if name in {"Ref", also} or name.startswith("Fn::") else None
