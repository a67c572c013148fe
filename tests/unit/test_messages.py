"""The mail: what every one of them says, and in which form."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.headerregistry import Address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpost.challenge import Challenge
from otpost.code import Code
from tests.contract.samples import NOW, new_challenge
from tests.unit.test_addresses import domains, locals_
from tests.unit.world import COMPOSER, PAYMENT, POLICY, html_of, parsed, text_of

CODE = Code("012345")
PURPOSES = [*POLICY.purposes, "wire_transfer"]
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
NEVER_SHARE = "Never give this code to anyone. Example will never ask you for it by phone, mail or chat."


def compose(challenge: Challenge | None = None, **changes: Any) -> bytes:
    return COMPOSER.compose(challenge or new_challenge(**changes), CODE, now=NOW)


def visible(html: str) -> str:
    """Return what a reader sees of an HTML page."""
    body = re.sub(r"(?s)<(head|style)\b.*?</\1>", "", html)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body)).strip()


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


def test_the_text_comes_first_and_html_is_the_alternative() -> None:
    message = parsed(compose())

    parts = [(part.get_content_type(), part.get_content_charset()) for part in message.iter_parts()]

    assert message.get_content_type() == "multipart/alternative"
    assert parts == [("text/plain", "utf-8"), ("text/html", "utf-8")]


def test_lines_end_in_cr_lf_and_fit_into_smtp() -> None:
    """RFC 5321 §4.5.3.1.6: 998 octets and CR LF."""
    raw = compose(purpose="transaction", transaction={"payee": "é" * 256, "note": "x" * 256})

    lines = raw.split(b"\r\n")

    assert max(map(len, lines)) <= 998
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert raw.isascii()


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("transaction", [None, {}, PAYMENT])
def test_the_code_comes_first_and_once(purpose: str, transaction: dict[str, str] | None) -> None:
    message = parsed(compose(purpose=purpose, transaction=transaction))
    text, html = text_of(message), html_of(message)

    assert text.startswith(f"{CODE.digits} is your code to ")
    assert CODE.digits in visible(html)[:100]
    assert text.count(CODE.digits) == html.count(CODE.digits) == 1


@pytest.mark.parametrize("length", range(6, 11))
def test_codes_of_every_length_are_written_in_full(length: int) -> None:
    code = Code("0123456789"[:length])

    message = parsed(COMPOSER.compose(new_challenge(code_length=length), code, now=NOW))

    assert text_of(message).split()[0] == code.digits
    assert f'<p class="code">{code.digits}</p>' in html_of(message)


@pytest.mark.parametrize(
    ("purpose", "act"),
    [
        ("sign_in", "sign in"),
        ("verify_email", "confirm your email address"),
        ("recovery", "recover your account"),
        ("transaction", "approve the transaction below"),
        ("wire_transfer", "continue"),
    ],
)
def test_each_purpose_says_what_the_code_is_for(purpose: str, act: str) -> None:
    """A23: a code for one thing does not read like a code for another."""
    message = parsed(compose(purpose=purpose))

    sentence = f"{CODE.digits} is your code to {act} at Example."
    assert text_of(message).splitlines()[0] == sentence
    assert visible(html_of(message)).startswith(f"Your code to {act} at Example {CODE.digits}")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_mail_names_origin_expiry_reference_and_warns(purpose: str) -> None:
    """A22."""
    challenge = new_challenge(purpose=purpose)

    message = parsed(compose(challenge))

    for part in (re.sub(r"\s+", " ", text_of(message)), visible(html_of(message))):
        assert NEVER_SHARE in part
        assert re.search(r"Enter it at https://app\.example and nowhere else\.", part)
        assert "It works once, until 09:35:00 UTC on 31 January 2026." in part
        assert f"Reference {challenge.reference}" in part
        assert "write to help@otpost.example." in part
        assert re.search(r"If you (did not ask|do not know)", part)


@pytest.mark.parametrize(
    ("expires_at", "stated"),
    [
        (datetime(2026, 1, 31, 9, 35, 0, 999_000, UTC), "09:35:00 UTC on 31 January 2026"),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), "23:59:59 UTC on 31 December 2026"),
        (datetime(2027, 1, 1, tzinfo=UTC), "00:00:00 UTC on 01 January 2027"),
    ],
)
def test_the_stated_expiry_is_that_of_the_challenge_and_never_later(expires_at: datetime, stated: str) -> None:
    message = parsed(compose(expires_at=expires_at))

    assert f"until {stated}." in text_of(message)
    assert f"until {stated}." in html_of(message)


def test_a_transaction_is_shown_as_it_was_sent_and_in_its_order() -> None:
    """A23, A24."""
    transaction = {"payee": "Ünal & Söhne", "amount": "  12,00 €", "примечание": "日本 😀"}

    message = parsed(compose(purpose="transaction", transaction=transaction))

    lines = text_of(message).split("You are approving:\n", 1)[1].split("\n\n")[0].splitlines()
    assert lines == ["  payee: Ünal & Söhne", "  amount:   12,00 €", "  примечание: 日本 😀"]
    html = html_of(message)
    assert '<th scope="row">payee</th><td>Ünal &amp; Söhne</td>' in html
    assert '<th scope="row">примечание</th><td>日本 😀</td>' in html
    assert html.index("payee") < html.index("amount") < html.index("примечание")


def test_without_a_transaction_nothing_is_approved() -> None:
    absent: list[dict[str, str] | None] = [None, {}]
    for transaction in absent:
        message = parsed(compose(transaction=transaction))
        assert "approving" not in text_of(message) + html_of(message)


def test_the_html_loads_nothing_and_links_nowhere() -> None:
    """A22, A26: no tracking pixel, no link to fetch."""
    html = html_of(parsed(compose(purpose="transaction", transaction=PAYMENT)))

    assert not re.search(r"(?i)<(img|script|iframe|link|object|embed|video|audio|form|a|base|svg)\b", html)
    assert not re.search(r"(?i)\b(src|href|action|background|srcset|poster)\s*=", html)
    assert not re.search(r"(?i)url\(|@import|expression\(", html)
    assert re.findall(r"[a-z]+://[^\s<\"]+", html) == ["https://app.example"]


def test_the_largest_mail_is_below_60_kb() -> None:
    """A body of 8 KB can hold no larger transaction."""
    letters = 8000 // 4 // 10
    transaction = {f"{number}": "😀" * letters for number in range(10)}

    assert len(compose(purpose="transaction", transaction=transaction)) < 60_000


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
