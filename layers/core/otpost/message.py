"""The mail: one MIME message, text first, the code at the very beginning, built here for every transport alike."""

import functools
import re
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from otpost.challenge import Challenge
from otpost.code import Code

_DOT_IN_NAME = re.compile(
    r"(?<=\w)[.\u3002\uff0e\uff61](?=[^\W\d_])"
)  # before a letter; the last three are IDNA's dots
_KNOWN_PURPOSES = frozenset({"sign_in", "verify_email", "recovery", "transaction"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """Writes the mails of one deployment; *site_origin* is where claimants enter codes, and the only origin named."""

    brand: str
    sender: str = field(repr=False)
    site_origin: str
    support: str = field(repr=False)

    def compose(self, challenge: Challenge, code: Code, *, now: datetime) -> bytes:
        """Return the message for *challenge* in the wire form of RFC 5322, with CR LF line ends.

        The Message-ID names the challenge and the number of the mail. SES puts its own in its place, and its own Date;
        other transports keep them.
        """
        text, html = self._render(challenge, code)
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(self.brand, addr_spec=self.sender)
        message["To"] = Address(addr_spec=challenge.email)
        message["Subject"] = f"{self.brand}: your code, reference {challenge.reference}"
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{challenge.key[:40]}.{challenge.mails_asked}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: keeps holiday replies away
        message.set_content(text, cte="quoted-printable")
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        return message.as_bytes()

    def _render(self, challenge: Challenge, code: Code) -> tuple[str, str]:
        values = {
            "brand": self.brand,
            "code": code.digits,
            "purpose": challenge.purpose if challenge.purpose in _KNOWN_PURPOSES else "other",
            "site_origin": self.site_origin,
            "support": self.support,
            "transaction": {_unlinked(name): _unlinked(text) for name, text in (challenge.transaction or {}).items()},
            "reference": challenge.reference,
            "expires_at": challenge.expires_at,
        }
        return _template("code.txt").render(values), _template("code.html").render(values)


def _unlinked(text: str) -> str:
    """Break what a mail reader would make a link of: whoever asks for a code writes this text, not the sender.

    `https://evil.example` becomes `https[://]evil[.]example`; numbers like 10.00 stay as they are.
    """
    return _DOT_IN_NAME.sub("[.]", text.replace("://", "[://]"))


@functools.cache
def _template(name: str) -> Template:
    """Load a template once. HTML escapes every value by itself; a text template must not."""
    environment = Environment(
        loader=PackageLoader("otpost", "templates"),
        autoescape=name.endswith(".html"),  # HTML escapes every value, plain text must not
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(name)
