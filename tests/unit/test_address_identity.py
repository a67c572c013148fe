"""Who an address is, and which addresses share an abuse window."""

import pytest

from otpost.address import EmailAddress, IdentityCase
from otpost.pseudonym import Pseudonyms

KEY = b"k" * 32


def address(text: str) -> EmailAddress:
    return EmailAddress.parse(text)


@pytest.mark.parametrize("case", IdentityCase)
@pytest.mark.parametrize(
    "other", ["ada+x@example.com", "a.da@example.com", "ada@sub.example.com", "adа@example.com".replace("а", "e")]
)
def test_plus_tags_and_dots_are_other_identities(case: IdentityCase, other: str) -> None:
    """A33: two mailboxes must never become one identity."""
    assert address("ada@example.com").identity(case) != address(other).identity(case)


@pytest.mark.parametrize("case", IdentityCase)
def test_gmail_is_not_folded_for_the_identity(case: IdentityCase) -> None:
    names = {address(text).identity(case) for text in ("a.d.a@gmail.com", "ada@gmail.com", "ada@googlemail.com")}

    assert len(names) == 3


def test_exact_identities_keep_the_case_of_the_local_part() -> None:
    assert address("Ada@EXAMPLE.com").identity(IdentityCase.EXACT) == "Ada@example.com"
    assert address("Ada@example.com").identity(IdentityCase.EXACT) != address("ada@example.com").identity(
        IdentityCase.EXACT
    )


def test_lowered_identities_ignore_ascii_case() -> None:
    assert address("AdA@EXAMPLE.com").identity(IdentityCase.ASCII_LOWER) == "ada@example.com"


def test_every_ascii_letter_and_nothing_else_is_lowered() -> None:
    """A33."""
    local = "ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%&'*+/=^_`{|}~-09"

    written = address(f"{local}@{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'}.example")

    assert written.identity(IdentityCase.ASCII_LOWER) == f"{local.lower()}@abcdefghijklmnopqrstuvwxyz.example"


@pytest.mark.parametrize("case", IdentityCase)
def test_the_address_that_mail_goes_to_keeps_its_case(case: IdentityCase) -> None:
    written = address("AdA@example.com")

    written.identity(case)

    assert str(written) == "AdA@example.com"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ada@example.com", "ada@example.com"),
        ("Ada@Example.com", "ada@example.com"),
        ("ada+one@example.com", "ada@example.com"),
        ("ada+one+two@example.com", "ada@example.com"),
        ("a.da@example.com", "a.da@example.com"),
        ("a.d.a+x@gmail.com", "ada@gmail.com"),
        ("A.D.A@googlemail.com", "ada@gmail.com"),
        ("ada@Gmail.Com", "ada@gmail.com"),
        ("+tag@example.com", "+tag@example.com"),
        ("+t.ag@gmail.com", "+tag@gmail.com"),
        ("ada+@example.com", "ada@example.com"),
    ],
)
def test_aliases_of_a_mailbox_share_one_window(text: str, folded: str) -> None:
    """A6: plus tags, case and Gmail's dots do not multiply mail."""
    assert address(text).folded() == folded


@pytest.mark.parametrize("other", ["ada@notgmail.com", "ada@gmail.com.example", "ada@mail.gmail.com"])
def test_domains_that_look_like_gmail_are_not_gmail(other: str) -> None:
    assert address(f"a.{other}").folded() == f"a.{other}"


def test_pseudonyms_follow_the_configured_case() -> None:
    exact = Pseudonyms(key=KEY, case=IdentityCase.EXACT)
    lower = Pseudonyms(key=KEY, case=IdentityCase.ASCII_LOWER)

    assert exact.identity(address("Ada@example.com")) != exact.identity(address("ada@example.com"))
    assert lower.identity(address("Ada@example.com")) == lower.identity(address("ada@example.com"))
    assert exact.window(address("Ada+x@example.com")) == exact.window(address("ada@example.com"))


def test_pseudonyms_of_different_kinds_never_meet() -> None:
    names = Pseudonyms(key=KEY, case=IdentityCase.EXACT)
    plain = address("ada@example.com")

    kinds = {
        names.identity(plain),
        names.window(plain),
        names.source("192.0.2.1"),
        names.repeated("ada@example.com").hex(),
    }

    assert len(kinds) == 4


def test_pseudonyms_depend_on_the_key_and_do_not_show_the_address() -> None:
    """A14: without the IdentityKey a name tells nothing."""
    plain = address("ada@example.com")
    names = {Pseudonyms(key=key, case=IdentityCase.EXACT).identity(plain) for key in (KEY, b"l" * 32)}

    assert len(names) == 2
    assert all(len(name) == 64 and "ada" not in name for name in names)


def test_sources_of_one_network_share_a_name_and_garbage_has_none() -> None:
    """A42."""
    names = Pseudonyms(key=KEY, case=IdentityCase.EXACT)

    assert names.source("192.0.2.1") == names.source("192.0.2.254")
    assert names.source("192.0.2.1") != names.source("192.0.3.1")
    assert names.source("2001:db8::1") == names.source("2001:db8::ffff:1")
    assert [names.source(ip) for ip in (None, "", "unknown", "192.0.2.1, 10.0.0.1")] == [None] * 4


def test_repeated_ids_depend_on_every_field_and_where_it_ends() -> None:
    names = Pseudonyms(key=KEY, case=IdentityCase.EXACT)

    entropies = {names.repeated(*fields) for fields in (("ab", "c"), ("a", "bc"), ("abc",), ("ab", "c", ""))}

    assert len(entropies) == 4
    assert all(len(entropy) == 16 for entropy in entropies)
