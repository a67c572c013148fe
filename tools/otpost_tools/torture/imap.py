"""Codes read over IMAP, with TLS: for a catch-all mailbox of a domain of yours."""

import imaplib
import ssl
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy

from otpost_tools.torture.adapter import CodeForm
from otpost_tools.torture.errors import CannotMeasureError, RefusedTargetError
from otpost_tools.torture.inboxes import code_in

_PAUSE_SECONDS = 1.0
_CONNECT_SECONDS = 30.0

type Connect = Callable[[], imaplib.IMAP4]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapInbox:
    """A folder of a mailbox. *connect* gives a connection that has logged in; one is made for each look."""

    connect: Connect
    folder: str
    code_form: CodeForm
    seconds: float = 120.0
    is_manual: bool = False

    def mails(self, address: str) -> int:
        with self._opened() as mailbox:
            return len(_ids(mailbox, address))

    def code(self, address: str, *, after: int) -> str:
        until = time.monotonic() + self.seconds
        while True:
            with self._opened() as mailbox:
                if len(found := _ids(mailbox, address)) > after:
                    return code_in(_text(mailbox, found[-1]), self.code_form)
            if time.monotonic() > until:
                raise CannotMeasureError(f"no mail to {address} came within {self.seconds:.0f} s")
            time.sleep(_PAUSE_SECONDS)

    @contextmanager
    def _opened(self) -> Generator[imaplib.IMAP4]:
        try:
            with self.connect() as mailbox:
                status, _ = mailbox.select(self.folder, readonly=True)
                if status != "OK":
                    raise CannotMeasureError(f"the mailbox has no folder {self.folder}")
                yield mailbox
        except (OSError, imaplib.IMAP4.error) as error:
            raise CannotMeasureError(f"the mailbox does not answer: {error}") from error


def from_environment(environment: Mapping[str, str], code_form: CodeForm) -> ImapInbox:
    """The mailbox that OTPOST_IMAP_HOST, _USER and _PASSWORD name; _PORT (993) and _FOLDER (INBOX) are optional."""
    missing = [name for name in ("HOST", "USER", "PASSWORD") if not environment.get(f"OTPOST_IMAP_{name}")]
    if missing:
        raise RefusedTargetError(f"--inbox imap needs the environment variable OTPOST_IMAP_{missing[0]}")
    host, user, password = (environment[f"OTPOST_IMAP_{name}"] for name in ("HOST", "USER", "PASSWORD"))
    port = environment.get("OTPOST_IMAP_PORT", "993")
    if not port.isdecimal():
        raise RefusedTargetError("OTPOST_IMAP_PORT must be a number")

    def connect() -> imaplib.IMAP4:
        context = ssl.create_default_context()
        mailbox = imaplib.IMAP4_SSL(host, int(port), ssl_context=context, timeout=_CONNECT_SECONDS)
        mailbox.login(user, password)
        return mailbox

    return ImapInbox(connect=connect, folder=environment.get("OTPOST_IMAP_FOLDER", "INBOX"), code_form=code_form)


def _ids(mailbox: imaplib.IMAP4, address: str) -> list[str]:
    """UIDs of the mails to *address*, oldest first."""
    _, found = mailbox.uid("SEARCH", "TO", f'"{address}"')
    return (found[0] or b"").decode("ascii").split()


def _text(mailbox: imaplib.IMAP4, uid: str) -> str:
    _, parts = mailbox.uid("FETCH", uid, "(BODY.PEEK[])")
    raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain", "html"))
    return "" if body is None else str(body.get_content())
