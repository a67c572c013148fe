"""What the steps of `otpost demo` share: the stack they ask, what came so far, and what a broken promise looks like."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from otpost_tools.client import Answer, Client, Members
from otpost_tools.commands.mailed_code import code_in

PURPOSE = "sign_in"
MAIL_SECONDS = 30.0


class UnexpectedError(Exception):
    """A step went another way than promised."""

    def __init__(self, *, expected: str, came: str) -> None:
        super().__init__(f"expected {expected}, came {came}")
        self.expected = expected
        self.came = came


@dataclass(slots=True, kw_only=True)
class Story:
    """What the steps tell each other. Every run uses addresses of its own, so a sandbox in use is not disturbed."""

    client: Client
    run: str = field(default_factory=lambda: secrets.token_hex(3))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    success_key: str = field(default_factory=lambda: secrets.token_hex(16))
    challenge: Members = field(default_factory=dict[str, object])
    code: str = ""
    claims: Members = field(default_factory=dict[str, object])

    @property
    def ada(self) -> str:
        return f"ada-{self.run}@example.com"

    @property
    def brian(self) -> str:
        return f"brian-{self.run}@example.com"

    @property
    def carol(self) -> str:
        return f"carol-{self.run}@example.com"

    def status(self) -> Members:
        answer = self.client.act("status", str(self.challenge["challenge_id"]))
        require(answer, 200)
        return answer.members

    def issue(self, email: str) -> Members:
        answer = self.client.issue({"email": email, "purpose": PURPOSE, "nonce": self.nonce})
        require(answer, 202)
        return answer.members

    def verify(self, code: object, *, key: str | None = None) -> Answer:
        request = {"challenge_id": self.challenge["challenge_id"], "code": code, "purpose": PURPOSE}
        return self.client.verify(request, idempotency_key=key)

    def codes_mailed(self, email: str, *, count: int) -> list[str]:
        """The codes of the first *count* mails to *email*, newest first; waits for them."""
        until = time.monotonic() + MAIL_SECONDS
        while len(mails := self.client.messages(email)) < count:
            if time.monotonic() > until:
                raise UnexpectedError(expected=f"mail number {count} to {email}", came=f"{len(mails)} mails")
            time.sleep(0.1)
        codes = [code_in(str(mail["text"])) for mail in mails]
        found = [code for code in codes if code is not None]
        if len(found) != len(codes):
            raise UnexpectedError(expected="a code in the first hundred characters", came=str(mails[0]["text"])[:100])
        return found


def require(answer: Answer, status: int, **members: object) -> None:
    """Raise `UnexpectedError` unless *answer* has this status and these members."""
    came = {name: answer.members.get(name) for name in members}
    if answer.status != status or came != members:
        told = {name: answer.members[name] for name in ("code", "detail", "verdict") if name in answer.members}
        raise UnexpectedError(expected=_words(status, members), came=_words(answer.status, told | came))


def _words(status: int, members: Mapping[str, object]) -> str:
    return "  ".join([str(status), *(f"{name}: {value}" for name, value in members.items())])
