"""References: three characters by which people tell challenges apart."""

import re
from dataclasses import replace
from itertools import product

import pytest

from otpost.challenge_id import ChallengeKey, reference_of
from tests.unit.ids import ID


def keys(count: int) -> list[ChallengeKey]:
    return [replace(ID, entropy=number.to_bytes(16)).key for number in range(count)]


def test_a_reference_is_two_clear_letters_and_a_clear_figure() -> None:
    for key in keys(2000):
        assert re.fullmatch(r"[BCDFGHJKMNPQRSTVWXYZ]{2}[2-9]", reference_of(key))


@pytest.mark.parametrize(
    ("head", "reference"),
    [
        ("000000000000", "BB2"),
        ("000000000001", "BB3"),
        ("000000000008", "CB2"),
        ("0000000000a0", "BC2"),
        ("00000000000f", "CB9"),
        ("ffffffffffff", "QC9"),
    ],
)
def test_a_reference_is_the_head_of_the_key_as_a_number(head: str, reference: str) -> None:
    assert reference_of(ChallengeKey(head + "f" * 52)) == reference


def test_references_use_every_combination_about_equally() -> None:
    counts = dict.fromkeys(map("".join, product("BCDFGHJKMNPQRSTVWXYZ", "BCDFGHJKMNPQRSTVWXYZ", "23456789")), 0)

    for key in keys(32_000):
        counts[reference_of(key)] += 1

    assert len(counts) == 3200
    assert min(counts.values()) > 0
    assert max(counts.values()) < 30


def test_a_reference_comes_from_the_key_alone_and_tells_nothing_of_the_id() -> None:
    key = ID.key

    assert reference_of(key) == reference_of(ChallengeKey(key[:12] + "0" * 52))
    assert reference_of(key) not in ID.token
