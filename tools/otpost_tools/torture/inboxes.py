"""Where codes are read: an inbox over HTTP, or a person. (IMAP: `imap`.)"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from otpost_tools.torture.adapter import CodeForm, InboxForm, Json
from otpost_tools.torture.errors import CannotMeasureError, RefusedTargetError
from otpost_tools.torture.reply import at_path
from otpost_tools.torture.templates import filled_url
from otpost_tools.torture.wire import BrokenConnectionError, Request, sent

_PAUSE_SECONDS = 0.05
_SUCCESS = 200


class Inbox(Protocol):
    """Reads the codes mailed to an address."""

    @property
    def is_manual(self) -> bool:
        """True if somebody types them, so better few."""
        ...

    def mails(self, address: str) -> int:
        """How many mails to *address* there are now."""
        ...

    def code(self, address: str, *, after: int) -> str:
        """The code of the newest mail to *address*, once there are more than *after* of them.

        Raises CannotMeasureError if none comes in time, or the mail holds no code.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpInbox:
    """A JSON list of mails at a URL, which may have {email} and {url} in it."""

    url: str
    base_url: str
    form: InboxForm
    code_form: CodeForm
    seconds: float = 30.0
    is_manual: bool = False

    def mails(self, address: str) -> int:
        return len(self._list(address))

    def code(self, address: str, *, after: int) -> str:
        until = time.monotonic() + self.seconds
        while len(found := self._list(address)) <= after:
            if time.monotonic() > until:
                raise CannotMeasureError(f"no mail to {address} came within {self.seconds:.0f} s")
            time.sleep(_PAUSE_SECONDS)
        text = at_path(found[0 if self.form.newest_first else -1], self.form.text)
        return code_in(text if isinstance(text, str) else "", self.code_form)

    def _list(self, address: str) -> list[Json]:
        base, target = _split(filled_url(self.url, {"url": self.base_url, "email": address}))
        try:
            reply = sent(Request(base_url=base, method="GET", target=target, headers={}, body=b""))
        except BrokenConnectionError as error:
            raise CannotMeasureError(f"the inbox does not answer: {error}") from error
        found = at_path(reply.json(), self.form.messages)
        if reply.status != _SUCCESS or not isinstance(found, list):
            raise CannotMeasureError(f"the inbox at {base} answers {reply.status}, and no list of mails")
        return found


@dataclass(slots=True, kw_only=True)
class ManualInbox:
    """Asks the operator for each code. *ask* shows a question and returns the line typed."""

    ask: Callable[[str], str]
    is_manual: bool = True

    def mails(self, address: str) -> int:
        del address
        return 0

    def code(self, address: str, *, after: int) -> str:
        del after
        while not (typed := self.ask(f"Code in the newest mail to {address}").strip()):
            continue
        return typed


def code_in(text: str, form: CodeForm) -> str:
    """The code in a mail's text; CannotMeasureError if the pattern finds none."""
    found = form.pattern.search(text)
    if found is None:
        raise CannotMeasureError("the newest mail holds nothing that code.pattern finds")
    return found[1]


def _split(url: str) -> tuple[str, str]:
    found = re.fullmatch(r"(https?://[^/?#]+)(/[^#]*)?", url)
    if found is None:
        raise RefusedTargetError(f"the inbox {url!r} is no http(s) URL")
    return found[1], found[2] or "/"
