"""What is an address, and what is not. Nothing is folded, nothing is trimmed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpost.address import EmailAddress, IdentityCase
from otpost.errors import InvalidAddress
from tests.unit.addresses import CONFUSABLES, LABEL_63, REFUSED, domains, locals_

VICTIM = EmailAddress.parse("kiss@example.com")


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_one_plain_address_is_refused(text: str) -> None:
    """A31, A33."""
    with pytest.raises(InvalidAddress):
        EmailAddress.parse(text)


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_a_refusal_does_not_repeat_what_was_sent(text: str) -> None:
    """A58."""
    with pytest.raises(InvalidAddress) as refusal:
        EmailAddress.parse(text)

    assert len(text) < 3 or text not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.com",
        "Ada.Lovelace+tag@example.co.uk",
        "a@b.cd",
        "!#$%&'*+/?=^_`{|}~-@example.com",
        "0@1.a1",
        "a" * 64 + "@example.com",
        f"{'a' * 58}@{LABEL_63}.{LABEL_63}.{LABEL_63}.com"[-254:],
        "ada@xn--80ak6aa92e.com",
        "ada@a-b.example",
    ],
)
def test_an_ascii_address_is_taken_as_it_is(text: str) -> None:
    assert str(EmailAddress.parse(text)) == text


def test_the_longest_address_has_254_octets() -> None:
    longest = f"{'a' * 58}@{LABEL_63}.{LABEL_63}.{LABEL_63}.com"[-254:]

    assert len(longest) == 254
    assert len(REFUSED["255 octets"]) == 255
    assert str(EmailAddress.parse(longest)) == longest


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("ada@EXAMPLE.Com", "example.com"),
        ("ada@XN--FA-HIA.de", "xn--fa-hia.de"),
        ("ada@faß.de", "xn--fa-hia.de"),
        ("ada@FAß.de", "xn--fa-hia.de"),
        ("ada@\u0430pple.com", "xn--pple-43d.com"),
        ("ada@\u0430\u0440\u0440\u04cf\u0435.com", "xn--80ak6aa92e.com"),
        ("ada@exampl\u0131.com", "xn--exampl-u9a.com"),
        ("ada@βόλος.com", "xn--nxasmm1c.com"),
        ("ada@نامه\u200cای.com", "xn--mgba3gch31f060k.com"),
    ],
)
def test_a_domain_becomes_lower_case_a_labels(text: str, domain: str) -> None:
    """A34: homographs stay apart from what they look like."""
    assert EmailAddress.parse(text).domain == domain


def test_an_a_label_and_its_u_label_are_one_domain() -> None:
    assert EmailAddress.parse("ada@faß.de") == EmailAddress.parse("ada@xn--fa-hia.de")


def test_idna_2003_does_not_turn_one_domain_into_another() -> None:
    """A33: IDNA 2003 maps ß to ss."""
    assert EmailAddress.parse("ada@faß.de").domain != EmailAddress.parse("ada@fass.de").domain


@pytest.mark.parametrize("case", IdentityCase)
def test_no_confusable_becomes_the_identity_of_a_victim(case: IdentityCase) -> None:
    """A33: CVE-2019-19844. Only ASCII case may be folded, and only if the deployment says so."""
    for text in CONFUSABLES:
        try:
            address = EmailAddress.parse(text)
        except InvalidAddress:
            continue
        twin = text.isascii() and text.lower() == str(VICTIM) and case is IdentityCase.ASCII_LOWER
        assert (address.identity(case) == VICTIM.identity(case)) is (twin or str(address) == str(VICTIM))


@given(local=locals_(), domain=domains().filter(lambda domain: not domain.rpartition(".")[2].isdigit()))
def test_every_dot_atom_at_every_host_name_is_an_address(local: str, domain: str) -> None:
    address = EmailAddress.parse(f"{local}@{domain}")

    assert (address.local, address.domain) == (local, domain)
    assert EmailAddress.parse(str(address)) == address


@given(st.one_of(st.text(), st.builds("{}@{}".format, st.text(min_size=1), st.text(min_size=1))))
def test_any_text_is_an_address_in_ascii_or_refused(text: str) -> None:
    """A31, A39: no text breaks the parser, and what it lets through cannot break a header."""
    try:
        address = str(EmailAddress.parse(text))
    except InvalidAddress:
        return

    assert address.isascii()
    assert address.isprintable()
    assert address.count("@") == 1
    assert not set(address) & set(' ,;:<>()[]"\\')
    assert len(address) <= 254
    assert EmailAddress.parse(address) == EmailAddress.parse(text)
