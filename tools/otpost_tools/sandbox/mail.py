"""Catches the mail that the stack hands to SES, as the receiving side would read it."""

import base64
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from otpost_tools.sandbox.clock import Clock
from otpost_tools.sandbox.logs import timestamp

_KEPT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail. *source* is what was sent, byte for byte; *tags* and *configuration_set* are SES's, not the mail's."""

    id: str
    to: tuple[str, ...]
    sender: str
    subject: str
    text: str | None
    html: str | None
    headers: dict[str, str]
    received_at: datetime
    source: bytes = field(repr=False)
    tags: dict[str, str]
    configuration_set: str | None

    def public(self) -> dict[str, object]:
        """The mail as the sandbox's routes show it."""
        return {
            "id": self.id,
            "to": ", ".join(self.to),
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "headers": self.headers,
            "received_at": timestamp(self.received_at),
        }


def read(message_id: str, request: dict[str, Any], received_at: datetime) -> Mail:
    """The mail of one SES v2 SendEmail request; *message_id* is what SES answered."""
    destination = request.get("Destination", {})
    to = tuple(name for group in ("ToAddresses", "CcAddresses", "BccAddresses") for name in destination.get(group, []))
    source = _source(request, to)
    message = message_from_bytes(source, policy=policy.default)
    headers: dict[str, str] = {}
    for name, value in message.items():
        headers[name] = f"{headers[name]}, {value}" if name in headers else str(value)
    return Mail(
        id=message_id,
        to=to or (headers.get("To", ""),),
        sender=request.get("FromEmailAddress", ""),
        subject=headers.get("Subject", ""),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        headers=headers,
        received_at=received_at,
        source=source,
        tags={tag["Name"]: tag["Value"] for tag in request.get("EmailTags", [])},
        configuration_set=request.get("ConfigurationSetName"),
    )


def _source(request: dict[str, Any], to: tuple[str, ...]) -> bytes:
    content = request["Content"]
    if "Raw" in content:
        return base64.b64decode(content["Raw"]["Data"])
    simple = content["Simple"]
    message = EmailMessage()
    message["From"], message["To"] = request.get("FromEmailAddress", ""), ", ".join(to)
    message["Subject"] = simple["Subject"]["Data"]
    message.set_content(simple["Body"].get("Text", {"Data": ""})["Data"])
    if "Html" in simple["Body"]:
        message.add_alternative(simple["Body"]["Html"]["Data"], subtype="html")
    return message.as_bytes()


def _part(message: EmailMessage, subtype: str) -> str | None:
    part = message.get_body((subtype,))
    return None if part is None else str(part.get_content())


class Mailbox:
    """Everything caught, newest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._mails: deque[Mail] = deque(maxlen=_KEPT)

    def catch(self, message_id: str, request: dict[str, Any]) -> Mail:
        """Keep the mail of a SendEmail request."""
        mail = read(message_id, request, self._clock.now())
        self._mails.appendleft(mail)
        return mail

    def mails(self, to: str | None = None) -> list[Mail]:
        """All mails, or those *to* one address, compared as an inbox would: without regard to case."""
        return [mail for mail in self._mails if to is None or to.lower() in map(str.lower, mail.to)]

    def mail(self, message_id: str) -> Mail | None:
        """The mail with this id."""
        return next((mail for mail in self._mails if mail.id == message_id), None)

    def clear(self) -> None:
        """Throw everything away."""
        self._mails.clear()
