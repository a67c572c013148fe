"""What the end-to-end tests do again and again, by HTTP only."""

import re
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from otpost_tools.client import Answer, Members
from tests.e2e.leaks import Kind, Told
from tests.sandboxes import Sandbox

MAIL_SECONDS = 10.0


def fresh_address() -> str:
    """An address that no other test uses, so that no window is shared."""
    return f"claimant-{secrets.token_hex(6)}@example.com"


def fresh_key() -> str:
    """An Idempotency-Key."""
    return secrets.token_hex(16)


def together(act: Callable[[int], Answer], count: int) -> list[Answer]:
    """Do *act* *count* times at once, each in a thread and on a connection of its own."""
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(act, range(count)))


def wrong(code: str, offset: int = 1) -> str:
    """A code that is not *code*, as long as it."""
    return f"{(int(code) + offset) % 10 ** len(code):0{len(code)}d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Acts on one sandbox and remembers every secret that went over the wire."""

    sandbox: Sandbox
    told: Told = field(repr=False)

    def issue(self, email: str, *, key: str | None = None, **members: object) -> Answer:
        self.told.tell(Kind.ADDRESS, email)
        self._tell(key, members)
        answer = self.sandbox.client.issue({"email": email, "purpose": "sign_in"} | members, idempotency_key=key)
        self.told.tell(Kind.CHALLENGE_ID, answer.text("challenge_id"))
        return answer

    def issued(self, email: str, **members: object) -> str:
        """Issue and return the challenge id."""
        answer = self.issue(email, **members)
        assert answer.status == 202, answer
        return answer.text("challenge_id")

    def mails(self, email: str, count: int = 1) -> list[Members]:
        """Wait for *count* mails to *email* and return them, newest first."""
        until = time.monotonic() + MAIL_SECONDS
        while time.monotonic() < until:
            mails = self.sandbox.client.messages(email)
            if len(mails) >= count:
                return mails
            time.sleep(0.05)
        raise AssertionError(f"{count} mails were expected")

    def code(self, email: str, count: int = 1) -> str:
        """Return the code of the newest of *count* mails, as a claimant reads it."""
        code = re.findall(r"\b[0-9]{6,10}\b", str(self.mails(email, count)[0]["text"])[:100])
        assert len(code) == 1
        self.told.tell(Kind.CODE, code[0])
        return code[0]

    def verify(self, challenge_id: str, code: str, *, key: str | None = None, **members: object) -> Answer:
        request = {"challenge_id": challenge_id, "code": code, "purpose": "sign_in"} | members
        answer = self.sandbox.client.verify(request, idempotency_key=key)
        self._tell(key, members)
        self.told.tell(Kind.CODE, code)
        self.told.tell(Kind.RECEIPT, answer.text("receipt"))
        return answer

    def _tell(self, key: str | None, members: Mapping[str, object]) -> None:
        self.told.tell(Kind.KEY, key or "")
        self.told.tell(Kind.NONCE, str(members.get("nonce", "")))
        transaction = members.get("transaction")
        for text in transaction.values() if isinstance(transaction, Mapping) else ():
            self.told.tell(Kind.TRANSACTION, text)

    def status(self, challenge_id: str) -> Answer:
        return self.sandbox.client.act("status", challenge_id)

    def advance(self, seconds: int) -> None:
        self.sandbox.client.advance(seconds)
