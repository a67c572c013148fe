"""The headers of a mail: these and no others, one recipient, whatever the address or the brand."""

from dataclasses import replace
from datetime import UTC, datetime
from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.samples import NOW, new_challenge
from tests.unit.addresses import domains, locals_
from tests.unit.mails import CODE, HEADERS, compose, parsed, text_of
from tests.unit.world import COMPOSER


def test_the_headers_are_these_and_no_others() -> None:
    """A31: above all no Cc, Bcc, Reply-To, and no List-Unsubscribe on what is no list."""
    assert parsed(compose()).keys() == HEADERS


def test_the_headers_say_who_writes_to_whom_about_what() -> None:
    challenge = new_challenge()

    message = parsed(compose(challenge))

    assert message["From"].addresses == (Address("Example", "no-reply", "otpost.example"),)
    assert message["To"].addresses == (Address("", "Ada", "example.com"),)
    assert message["Subject"] == f"Example: your code, reference {challenge.reference}"
    assert message["Date"].datetime == datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.defects == []


def test_the_code_is_not_in_the_headers() -> None:
    """A15: subjects show on locked screens and in logs of mail servers."""
    head, _, _ = compose().partition(b"\r\n\r\n")

    assert CODE.digits.encode() not in head


def test_the_message_id_names_the_challenge_and_the_number_of_the_mail() -> None:
    challenge = new_challenge()

    first, again, second = (
        parsed(compose(each))["Message-ID"] for each in (challenge, challenge, replace(challenge, mails_asked=2))
    )

    assert first == again == f"<{challenge.key[:40]}.1@otpost.example>"
    assert second == f"<{challenge.key[:40]}.2@otpost.example>"


@given(local=locals_(), domain=domains().filter(lambda domain: not domain.rpartition(".")[2].isdigit()))
def test_every_accepted_address_is_the_only_recipient(local: str, domain: str) -> None:
    """A31."""
    message = parsed(compose(email=f"{local}@{domain}"))

    assert message["To"].addresses == (Address("", local, domain),)
    assert message.keys() == HEADERS


@pytest.mark.parametrize(
    "brand", ["Crédit Étoile", "Acme, Inc.", "A; B: C", "日本郵便" * 10, "x" * 40, "O'Neil (UK)", "é" * 40]
)
def test_any_brand_is_written_so_that_it_is_read_again(brand: str) -> None:
    """A31."""
    message = parsed(replace(COMPOSER, brand=brand).compose(new_challenge(), CODE, now=NOW))

    assert message.keys() == HEADERS
    (sender,) = message["From"].addresses
    assert sender.addr_spec == "no-reply@otpost.example"
    assert sender.display_name.replace(" ", "") == brand.replace(" ", "")
    assert message["Subject"].replace(" ", "").startswith(brand.replace(" ", "") + ":")
    assert f"at {brand}" in text_of(message)


@given(st.text(max_size=40))
def test_no_brand_can_add_a_header_or_a_recipient(brand: str) -> None:
    """A31: a brand that no header can hold is refused, not bent."""
    try:
        raw = replace(COMPOSER, brand=brand).compose(new_challenge(), CODE, now=NOW)
    except (ValueError, UnicodeError):
        return

    message = parsed(raw)
    assert message.keys() == HEADERS
    assert [address.addr_spec for address in message["To"].addresses] == ["Ada@example.com"]
    assert [address.addr_spec for address in message["From"].addresses] == ["no-reply@otpost.example"]
