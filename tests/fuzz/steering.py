"""Puts live challenges, right codes and fresh addresses where a made-up request has valid ones of its own.

Left alone, a generator never names a challenge that exists nor guesses a code, and all it would see is 400 and 404.
Only valid values are replaced by valid ones, so a request that is wrong somewhere stays wrong there.
"""

import random
import re
from dataclasses import dataclass
from typing import Any

from otpost_tools.client import Client
from otpost_tools.commands.mailed_code import code_in
from tests.fuzz.ledger import Account, Ledger

_ADDRESS = re.compile(r"[A-Za-z0-9_.+-]{1,40}@(?:[a-z0-9]{1,30}\.)+[a-z]{2,30}")
_PURPOSE = re.compile(r"[a-z][a-z0-9_]{0,31}")
_CODE = re.compile(r"[0-9 -]{6,20}")
_LONGEST_ID = 128
_STANDING = ("standing@example.com", "standing+alias@example.com", "ada@example.com")
_INTERVAL, _LIFE, _HOUR = 31, 301, 3_700  # a second over the pause between two mails, a life, and an hour


@dataclass(slots=True, kw_only=True)
class Steering:
    """Changes what is sent, and moves the sandbox's clock now and then."""

    dice: random.Random
    ledger: Ledger
    sandbox: Client
    hot: Account | None = None

    def steer(self, route: str, body: Any) -> None:
        """Change *body* in place."""
        if self.dice.random() < 0.004:
            self.sandbox.advance(self.dice.choice((_LIFE, _HOUR)))
        if not isinstance(body, dict):
            return
        if route == "POST /v1/challenges":
            self._address(body)
        elif "challenge_id" in body:
            self._challenge(route, body)

    def _address(self, body: dict[str, Any]) -> None:
        if _is(_ADDRESS, body.get("email")) and self.dice.random() < 0.9:
            standing = self.dice.random() < 0.2
            if standing:
                self._wait(0.5)
            body["email"] = (
                self.dice.choice(_STANDING) if standing else f"claimant-{self.dice.randbytes(6).hex()}@example.com"
            )

    def _challenge(self, route: str, body: dict[str, Any]) -> None:
        account = self._picked()
        given = body["challenge_id"]
        if account is None or not isinstance(given, str) or len(given) > _LONGEST_ID or self.dice.random() < 0.15:
            return
        if route.endswith("cancel") and self.dice.random() < 0.7:
            return  # or most challenges would be cancelled before anything else could become of them
        if route.endswith("resend"):
            self._wait(0.4)
        body["challenge_id"] = account.challenge_id
        if route == "POST /v1/challenges/verify" and _is(_PURPOSE, body.get("purpose")) and self.dice.random() < 0.9:
            self._guess(account, body)

    def _guess(self, account: Account, body: dict[str, Any]) -> None:
        body["purpose"] = account.purpose
        if isinstance(body.get("transaction", {}), dict):
            body.pop("transaction", None)
            body |= {} if account.transaction is None else {"transaction": account.transaction}
        if _is(_CODE, body.get("code")):
            right = self._mailed(account) if self.dice.random() < 0.25 else None
            body["code"] = right or f"{self.dice.randrange(10**6):06d}"

    def _wait(self, chance: float) -> None:
        if self.dice.random() < chance:
            self.sandbox.advance(_INTERVAL)

    def _picked(self) -> Account | None:
        """Stay with one challenge for a while, so that it is used up; else any."""
        accounts = list(self.ledger.accounts.values())
        if accounts and (self.hot is None or self.dice.random() < 0.06):
            self.hot = self.dice.choice(accounts[-20:])
        return self.hot if self.dice.random() < 0.8 or not accounts else self.dice.choice(accounts[-200:])

    def _mailed(self, account: Account) -> str | None:
        """Return the code of the mail to *account*, if it is there already and is of this challenge."""
        mails = self.sandbox.messages(account.email)
        mine = [mail for mail in mails if str(mail["subject"]).endswith(account.reference)]
        return code_in(str(mine[0]["text"])) if mine else None


def _is(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
