"""How the code is found in a mail."""

import pytest

from otpost_tools.commands.mailed_code import code_in


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("482913 is your code to sign in at Example.", "482913"),
        ("Your code: 482 913.", "482913"),
        ("Your code: 4829-1305", "48291305"),
        ("Example: 0012345678", "0012345678"),
        ("482913\n\nIt works until 12:30:01 UTC on 01 January 2027.", "482913"),
    ],
)
def test_the_code_is_found(text: str, code: str) -> None:
    assert code_in(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No code here.",
        "12345",
        "12345678901",
        "Order A482913",
        "482913th",
        "+482913",
        "x" * 101 + " 482913",
        "４８２９１３",
    ],
)
def test_what_is_no_code_is_not_found(text: str) -> None:
    assert code_in(text) is None
