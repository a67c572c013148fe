"""The leak scan can fail: a secret of every kind, planted in every place and every form, is found (A15)."""

import base64
import hashlib
import json
import urllib.parse
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.e2e.leaks import Kind, Leak, Scanner, Told
from tests.e2e.places import Places

SECRETS = {
    Kind.CODE: "048213",
    Kind.RECEIPT: "eyJhbGciOiJFUzI1NiJ9.eyJlbWFpbCI6ImFkYSJ9.c2lnbmF0dXJlLW9mLWFkYQ",
    Kind.CHALLENGE_ID: "AQYAB5ocDGV1LWNlbnRyYWwtMVOxNiUDuCSp0q9DG7Exg8o",
    Kind.ADDRESS: "Ada+tag@example.com",
    Kind.KEY: "the key of /one/ request",
    Kind.NONCE: "nonce-of-ada",
    Kind.TRANSACTION: 'Zoë "Z" Example & Sons',
}
FORMS: dict[str, Callable[[str], str]] = {
    "JSON": lambda secret: json.dumps({"message": [secret]}),
    "URL": lambda secret: f"https://x.example/?q={urllib.parse.quote(secret, safe='')}",
    "form": lambda secret: urllib.parse.urlencode({"q": secret}),
    "hex": lambda secret: secret.encode().hex(),
    "hex in capitals": lambda secret: secret.encode().hex().upper(),
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "base64 of more, 1": lambda secret: base64.b64encode(f"{{{secret}}}".encode()).decode(),
    "base64 of more, 2": lambda secret: base64.b64encode(f"a:{secret}, b".encode()).decode(),
    "base64url": lambda secret: base64.urlsafe_b64encode(f"??>{secret}".encode()).decode(),
    "sha256": lambda secret: hashlib.sha256(secret.encode()).hexdigest(),
    "sha1": lambda secret: hashlib.sha1(secret.encode()).hexdigest().upper(),
    "md5 in base64": lambda secret: base64.b64encode(hashlib.md5(secret.encode()).digest()).decode(),
    "sha512": lambda secret: hashlib.sha512(secret.encode()).hexdigest(),
}
EMPTY = Places(logs=[], metrics="", output="", challenges=[], others=[], queue=[], dead_letters=[])


def item(value: Any, *, name: str = "x", kind: str = "challenge") -> list[dict[str, Any]]:
    """Return an item of *kind* that holds *value*."""
    return [{"pk": {"S": f"{kind}#1"}, name: value}]


PLACES: dict[str, Callable[[str], Places]] = {
    "logs": lambda text: replace(EMPTY, logs=[{"line": "fine"}, {"line": f"it is {text}."}]),
    "metrics": lambda text: replace(EMPTY, metrics=json.dumps([{"dimensions": {"reason": text}}])),
    "output of the sandbox": lambda text: replace(EMPTY, output=f"Ready\n{text}\n"),
    "challenges": lambda text: replace(EMPTY, challenges=item({"S": text})),
    "windows, counters and identities": lambda text: replace(EMPTY, others=item({"S": text}, kind="identity")),
    "mail queue": lambda text: replace(EMPTY, queue=[json.dumps({"Body": text})]),
    "dead letters": lambda text: replace(EMPTY, dead_letters=[json.dumps({"Body": "x", "Attributes": {"a": text}})]),
}


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    """Return a scanner that knows one secret of each kind, and some of no interest."""
    told = Told()
    for kind, secret in SECRETS.items():
        told.tell(kind, secret)
    for number in range(100):
        told.tell(Kind.ADDRESS, f"person{number}@example.org")
    return Scanner(told)


def found(scanner: Scanner, places: Places) -> dict[str, set[Kind]]:
    """Return the kinds found in each place."""
    leaks = {place: {leak.kind for leak in scanner.find(text)} for place, text in places.texts().items()}
    return {place: kinds for place, kinds in leaks.items() if kinds}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", Kind)
def test_a_planted_secret_is_found_in_every_place(scanner: Scanner, kind: Kind, place: str) -> None:
    assert kind in found(scanner, PLACES[place](SECRETS[kind])).get(place, set())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", Kind)
def test_a_planted_secret_is_found_in_every_form(scanner: Scanner, kind: Kind, form: str) -> None:
    leaks = scanner.find(f"2026-11-01 x={FORMS[form](SECRETS[kind])}; done")

    if (kind, form) == (Kind.CHALLENGE_ID, "sha256"):  # the key of its item, which logs may name
        assert leaks == set()
    else:
        assert kind in {leak.kind for leak in leaks}


@pytest.mark.parametrize("binary", [SECRETS[Kind.CODE].encode(), hashlib.sha256(SECRETS[Kind.CODE].encode()).digest()])
@pytest.mark.parametrize("value", [lambda data: {"B": data}, lambda data: {"BS": [b"other", data]}])
def test_a_code_in_a_binary_of_an_item_is_found(
    scanner: Scanner, binary: bytes, value: Callable[[bytes], dict[str, Any]]
) -> None:
    """A14: plain or hashed."""
    assert found(scanner, replace(EMPTY, others=item(value(binary)))).popitem()[1] == {Kind.CODE}


@pytest.mark.parametrize("part", [1, 2])
def test_a_part_of_a_receipt_is_found(scanner: Scanner, part: int) -> None:
    assert {leak.kind for leak in scanner.find(SECRETS[Kind.RECEIPT].split(".")[part])} == {Kind.RECEIPT}


def test_an_address_is_found_in_any_case(scanner: Scanner) -> None:
    assert {leak.kind for leak in scanner.find("TO: ADA+TAG@EXAMPLE.COM")} == {Kind.ADDRESS}


def test_what_belongs_to_a_challenge_may_stand_in_its_own_members_only(scanner: Scanner) -> None:
    """A14."""
    address = {"S": SECRETS[Kind.ADDRESS]}

    assert found(scanner, replace(EMPTY, challenges=item(address, name="email"))) == {}
    assert found(scanner, replace(EMPTY, challenges=item(address, name="window"))) == {"challenges": {Kind.ADDRESS}}
    elsewhere = found(scanner, replace(EMPTY, others=item(address, name="email", kind="address")))
    assert elsewhere == {"windows, counters and identities": {Kind.ADDRESS}}


@pytest.mark.parametrize("text", ["1048213", "0482135", "0x048213f", "a048213", "04821", "1793048213400"])
def test_a_number_that_only_holds_the_digits_of_a_code_is_none(scanner: Scanner, text: str) -> None:
    assert scanner.find(text) == set()


@pytest.mark.parametrize("text", ['"048213"', "code=048213&", "(048213)", "-048213-", "x:048213,", "048213"])
def test_a_code_that_stands_by_itself_is_found(scanner: Scanner, text: str) -> None:
    assert scanner.find(text) == {Leak(Kind.CODE, "plain", "048213")}


def test_a_kind_that_is_allowed_hides_no_other(scanner: Scanner) -> None:
    text = f"{SECRETS[Kind.CHALLENGE_ID]} {SECRETS[Kind.CODE]}"

    assert {leak.kind for leak in scanner.find(text, allowed=frozenset({Kind.CHALLENGE_ID}))} == {Kind.CODE}


def test_a_text_too_short_to_tell_is_no_secret() -> None:
    told = Told()
    told.tell(Kind.TRANSACTION, "10")
    told.tell(Kind.KEY, "")

    assert list(told) == []
