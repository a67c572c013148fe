"""The values of the core: nobody can change one, or add to one, behind another's back."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any

import pytest

import otpost


def dataclasses() -> Iterator[type[Any]]:
    for module in pkgutil.iter_modules(otpost.__path__):
        if module.ispkg:
            continue
        for value in vars(importlib.import_module(f"otpost.{module.name}")).values():
            if isinstance(value, type) and is_dataclass(value) and value.__module__ == f"otpost.{module.name}":
                yield value


VALUES = list(dataclasses())


def test_there_are_values_to_look_at() -> None:
    assert {"Challenge", "Code", "ChallengeId", "Policy", "Answer"} <= {value.__name__ for value in VALUES}


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__qualname__)
def test_a_value_is_frozen_and_has_no_room_for_more(value: type[Any]) -> None:
    parameters = value.__dataclass_params__

    assert parameters.frozen
    assert "__slots__" in vars(value)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__qualname__)
def test_a_value_with_more_than_three_fields_is_made_by_name(value: type[Any]) -> None:
    positional = value.__match_args__

    assert len(positional) <= 3
