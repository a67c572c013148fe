"""The mail: what every one of them says, and in which form."""

import re
from datetime import UTC, datetime

import pytest

from otpost.code import Code
from tests.contract.samples import NOW, new_challenge
from tests.unit.mails import CODE, compose, html_of, parsed, text_of
from tests.unit.world import COMPOSER, PAYMENT, POLICY

PURPOSES = [*POLICY.purposes, "wire_transfer"]
NEVER_SHARE = "Never give this code to anyone. Example will never ask you for it by phone, mail or chat."


def visible(html: str) -> str:
    """Return what a reader sees of an HTML page."""
    body = re.sub(r"(?s)<(head|style)\b.*?</\1>", "", html)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body)).strip()


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
