"""Mails, as a mailbox reads them."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from otpost.challenge import Challenge
from otpost.code import Code
from tests.contract.samples import NOW, new_challenge
from tests.unit.world import COMPOSER


def parsed(mime: bytes) -> EmailMessage:
    """Read a MIME message as a mailbox does."""
    return message_from_bytes(mime, policy=SMTP)


def text_of(message: EmailMessage) -> str:
    """Return the text part."""
    return _part(message, "plain")


def html_of(message: EmailMessage) -> str:
    """Return the HTML part."""
    return _part(message, "html")


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


CODE = Code("012345")


HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]


def compose(challenge: Challenge | None = None, **changes: Any) -> bytes:
    return COMPOSER.compose(challenge or new_challenge(**changes), CODE, now=NOW)
