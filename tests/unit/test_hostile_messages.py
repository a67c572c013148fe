"""The mail when somebody writes markup, headers or templates into what it shows."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.samples import NOW, new_challenge
from tests.unit.mails import CODE, HEADERS, html_of, parsed, text_of
from tests.unit.world import COMPOSER

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</td></tr></table><h1>Your account is blocked</h1>",
    '"><a href="https://evil.example">click</a>',
    "'><svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "</title><script>x</script>",
    "</style><style>@import url(https://evil.example)</style>",
    "<!-- -->",
    "<![CDATA[x]]>",
    "&lt;script&gt;",
    "&#60;b&#62;",
    "{{ 7 * 7 }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}x{% endfor %}",
    "{{ self.__init__.__globals__ }}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "=?utf-8?q?=0D=0ABcc=3A_eve=40evil.example?=",
    "Bcc: eve@evil.example",
    "--===============0==--",
    ".",
    "\u202egnirts",
    "javascript:alert(1)",
]
UNLINKED = {
    '"><a href="https://evil.example">click</a>': '"><a href="https[://]evil[.]example">click</a>',
    "</style><style>@import url(https://evil.example)</style>": (
        "</style><style>@import url(https[://]evil[.]example)</style>"
    ),
    "=?utf-8?q?=0D=0ABcc=3A_eve=40evil.example?=": "=?utf-8?q?=0D=0ABcc=3A_eve=40evil[.]example?=",
    "Bcc: eve@evil.example": "Bcc: eve@evil[.]example",
}
NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=64)


class Tags(HTMLParser):
    """Collects the tags of a page and what stands between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, int]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, len(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def mail(transaction: dict[str, str]) -> bytes:
    challenge = new_challenge(purpose="transaction", transaction=transaction)
    return COMPOSER.compose(challenge, CODE, now=NOW)


HARMLESS = Tags(html_of(parsed(mail({"name": "value"})))).tags


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_transaction_says_becomes_no_markup(text: str) -> None:
    """A32: the same tags as in a harmless mail, and the text itself in the place of a text."""
    page = Tags(html_of(parsed(mail({text: text}))))

    assert page.tags == HARMLESS
    assert page.texts.count(UNLINKED.get(text, text)) == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_transaction_says_becomes_no_header(text: str) -> None:
    """A31."""
    message = parsed(mail({text: text}))

    assert message.keys() == HEADERS
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]


@pytest.mark.parametrize("text", HOSTILE)
def test_the_text_part_shows_it_as_it_is_but_for_links(text: str) -> None:
    """A32."""
    shown = UNLINKED.get(text, text)

    assert f"  {shown}: {shown}\n" in text_of(parsed(mail({text: text})))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://evil.example/login", "https[://]evil[.]example/login"),
        ("www.evil.example", "www[.]evil[.]example"),
        ("call evil.example now", "call evil[.]example now"),
        ("eve@evil.example", "eve@evil[.]example"),
        ("http://192.0.2.1/", "http[://]192.0.2.1/"),
        ("HTTPS://EVIL.EXAMPLE", "HTTPS[://]EVIL[.]EXAMPLE"),
        ("evil。example", "evil[.]example"),
        ("пример.испытание", "пример[.]испытание"),
        ("10.00 EUR", "10.00 EUR"),
        ("1.234,56 €", "1.234,56 €"),
        ("Ada Lovelace, Ltd. London", "Ada Lovelace, Ltd. London"),
        ("Ref 2026.11/7", "Ref 2026.11/7"),
    ],
)
def test_nothing_a_mail_reader_makes_a_link_of_is_left_and_amounts_are(text: str, shown: str) -> None:
    """A32: a stranger may ask for a code for anybody, and must not get a link of their own mailed."""
    message = parsed(mail({"Details": text}))

    assert f"  Details: {shown}\n" in text_of(message)
    assert Tags(html_of(message)).texts.count(shown) == 1


@given(st.dictionaries(NAMES, NAMES, min_size=1, max_size=1))
def test_no_transaction_changes_the_form_of_a_mail(transaction: dict[str, str]) -> None:
    """A32."""
    message = parsed(mail(transaction))

    assert message.keys() == HEADERS
    assert Tags(html_of(message)).tags == HARMLESS
    assert text_of(message).startswith(f"{CODE.digits} is your code to approve")


def test_a_purpose_of_ones_own_is_not_printed() -> None:
    """A32."""
    challenge = new_challenge(purpose="<b>purpose</b>")

    message = parsed(COMPOSER.compose(challenge, CODE, now=NOW))

    assert "purpose" not in text_of(message) + html_of(message)


def test_nonce_and_locale_are_not_printed() -> None:
    """A32."""
    challenge = new_challenge(nonce="a-nonce-of-mine", locale="xx-evil")

    raw = COMPOSER.compose(challenge, CODE, now=NOW)

    assert b"a-nonce-of-mine" not in raw
    assert b"xx-evil" not in raw
