"""How a transaction is read."""

from typing import Any

import pytest

from otpost import fields
from otpost.errors import InvalidValue
from tests.unit.world import PAYMENT

TRANSACTIONS: list[dict[str, str]] = [
    {},
    PAYMENT,
    {str(number): "x" for number in range(10)},
    {"n" * 64: "v" * 256},
    {"😀" * 64: "é" * 256},
    {" padded ": "  kept  "},
    {"\u202e": "\u2028\u200b"},
    {"__proto__": "constructor"},
]


@pytest.mark.parametrize("value", TRANSACTIONS, ids=ascii)
def test_a_transaction_is_read_as_it_was_sent(value: dict[str, str]) -> None:
    """A24: nothing is trimmed; only control characters are refused."""
    read = fields.transaction(dict(value))

    assert list(read.items()) == list(value.items())


@pytest.mark.parametrize(
    "value",
    [
        None,
        "payee",
        [],
        [["payee", "x"]],
        1,
        {str(number): "x" for number in range(11)},
        {"n" * 65: "v"},
        {"n": "v" * 257},
        {"": "v"},
        {"n": ""},
        {"n": None},
        {"n": 12},
        {"n": 12.5},
        {"n": True},
        {"n": ["v"]},
        {"n": {"v": "w"}},
        {"n": "a\nb"},
        {"n": "a\r\nBcc: eve@example.com"},
        {"n": "a\tb"},
        {"n\0": "v"},
        {"n": "\x7f"},
        {"n": "\x85"},
        {"n": "\x9f"},
        {"n": "\ud800"},
        {"\ud800": "v"},
    ],
    ids=ascii,
)
def test_anything_else_is_no_transaction(value: Any) -> None:
    """A31, A35."""
    with pytest.raises(InvalidValue):
        fields.transaction(value)
