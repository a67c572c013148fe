"""The hash of a transaction: canonical (RFC 8785), and different for everything that is different."""

import hashlib
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from otpost.transaction import ABSENT, canonical, transaction_hash
from tests.unit.world import PAYMENT

TEXT = st.text(max_size=40)
TRANSACTIONS = st.dictionaries(TEXT, TEXT, max_size=10)


@given(TRANSACTIONS)
def test_the_canonical_form_is_that_of_rfc_8785(transaction: dict[str, str]) -> None:
    assert canonical(transaction) == rfc8785.dumps(transaction)


@pytest.mark.parametrize(
    "transaction",
    [
        {},
        {"": ""},
        {"\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"): "1", "\ufb33": "2", "\u20ac": "3"},
        {"\r": "Carriage Return", "1": "One", "\x80": "Control", "ö": "Latin Small Letter O With Diaeresis"},
        {"a": '"\\/\b\f\n\r\t\x00\x1f\x7f\u2028\u2029'},
        {"aa": "1", "a": "2", "b": "3", "A": "4"},
    ],
)
def test_samples_of_rfc_8785_are_canonical(transaction: dict[str, str]) -> None:
    """Names beyond U+FFFF sort by their surrogates, before U+FB33 (RFC 8785 §3.2.3)."""
    assert canonical(transaction) == rfc8785.dumps(transaction)


def test_the_hash_is_the_sha_256_of_the_canonical_form() -> None:
    assert transaction_hash({"b": "é", "a": "1"}) == hashlib.sha256('{"a":"1","b":"é"}'.encode()).hexdigest()


@given(st.permutations(sorted({**PAYMENT, "iban": "DE02", "reference": "42"}.items())))
def test_the_order_of_members_does_not_matter(members: list[tuple[str, str]]) -> None:
    assert transaction_hash(dict(members)) == transaction_hash({**PAYMENT, "iban": "DE02", "reference": "42"})


@given(TRANSACTIONS, TRANSACTIONS)
def test_different_transactions_have_different_hashes(one: dict[str, str], other: dict[str, str]) -> None:
    """A24."""
    assert (transaction_hash(one) == transaction_hash(other)) is (one == other)


@pytest.mark.parametrize(
    "other",
    [
        PAYMENT | {"payee": "Ünal & Sohne"},
        PAYMENT | {"payee": "ünal & Söhne"},
        PAYMENT | {"payee": "U\u0308nal & Söhne"},
        PAYMENT | {"payee": "Ünal & Söhne "},
        PAYMENT | {"amount": "12.00 €"},
        PAYMENT | {"amount": "12,00\u00a0€"},
        PAYMENT | {"note": ""},
        {"payee": PAYMENT["payee"]},
        {"amount": PAYMENT["payee"], "payee": PAYMENT["amount"]},
        {"Payee": PAYMENT["payee"], "amount": PAYMENT["amount"]},
        {"payee": json.dumps(PAYMENT)},
        {},
        None,
    ],
)
def test_one_changed_character_changes_the_hash(other: dict[str, str] | None) -> None:
    """A24: nothing is trimmed, folded or normalized."""
    assert transaction_hash(other) != transaction_hash(PAYMENT)


def test_an_empty_transaction_is_not_an_absent_one() -> None:
    assert transaction_hash(None) == ABSENT
    assert transaction_hash({}) != ABSENT


@given(TRANSACTIONS)
def test_no_transaction_hashes_like_an_absent_one(transaction: dict[str, str]) -> None:
    assert transaction_hash(transaction) != transaction_hash(None)
