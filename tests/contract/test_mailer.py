"""Mailer: one message, octet by octet as composed, to exactly one recipient."""

import base64
from collections.abc import Callable

import pytest

from otpost.aws import clients
from otpost.aws.mailer import SesMailer
from otpost.ports import Mailer, Sending
from tests.backends import faults
from tests.backends.account import CONFIGURATION_SET, SENDER, Account
from tests.contract.samples import new_key
from tests.fakes.mail import MemoryMailer

MIME = (
    "From: Beispiel <no-reply@otpost.example>\r\nTo: Ada@example.com\r\n"
    "Subject: =?utf-8?q?K=C3=B6nig?=\r\n\r\n.\r\n..leading dots, trailing blanks  \r\n\r\nÄ 漢 \U0001f511\r\n"
).encode()
KEY = new_key()

type Accepted = Callable[[], list[tuple[bytes, tuple[str, ...]]]]


def ses(account: Account) -> SesMailer:
    return SesMailer(clients.ses(), sender=SENDER, configuration_set=CONFIGURATION_SET)


@pytest.fixture
def real(account: Account) -> tuple[Mailer, Accepted]:
    """Return the real mailer, and what SES accepted."""
    return ses(account), lambda: [(mail.mime, mail.recipients) for mail in account.mails()]


@pytest.fixture(params=["memory", "ses"])
def mailer(request: pytest.FixtureRequest) -> tuple[Mailer, Accepted]:
    """Return a mailer, and what it handed over."""
    if request.param == "memory":
        memory = MemoryMailer()
        return memory, lambda: [(mail.mime, (mail.to,)) for mail in memory.sent]
    found: tuple[Mailer, Accepted] = request.getfixturevalue("real")
    return found


def test_a_message_goes_out_unchanged_to_exactly_one_recipient(mailer: tuple[Mailer, Accepted]) -> None:
    """A31."""
    sender, accepted = mailer

    said = sender.send(MIME, to="Ada@example.com", key=KEY)

    assert said is Sending.SENT
    assert accepted() == [(MIME, ("Ada@example.com",))]


def test_two_sendings_are_two_mails(mailer: tuple[Mailer, Accepted]) -> None:
    sender, accepted = mailer

    for _ in range(2):
        sender.send(MIME, to="ada@example.com", key=KEY)

    assert len(accepted()) == 2


def test_ses_is_asked_by_raw_mime_configuration_set_and_the_tag_of_the_challenge(account: Account) -> None:
    ses(account).send(MIME, to="ada@example.com", key=KEY)

    assert account.wire.calls[-1].parameters == {
        "FromEmailAddress": SENDER,
        "Destination": {"ToAddresses": ["ada@example.com"]},
        "Content": {"Raw": {"Data": base64.b64encode(MIME).decode()}},
        "ConfigurationSetName": CONFIGURATION_SET,
        "EmailTags": [{"Name": "challenge", "Value": KEY}],
    }


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
def test_a_message_that_ses_refuses_for_good_is_rejected(account: Account, code: str) -> None:
    with account.wire.failing("sesv2.SendEmail", faults.refused(code)), account.wire.watched() as calls:
        said = ses(account).send(MIME, to="ada@example.com", key=KEY)

    assert said is Sending.REJECTED
    assert calls == ["sesv2.SendEmail"]


def test_the_fake_rejects_as_ses_does() -> None:
    fake = MemoryMailer()
    fake.refused.add("ada@example.com")

    assert fake.send(MIME, to="ada@example.com", key=KEY) is Sending.REJECTED
    assert fake.sent == []
