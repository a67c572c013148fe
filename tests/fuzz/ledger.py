"""What every challenge has been through, and what must therefore hold of the next answer about it.

It is the product's promise, said once more and independently: guesses left never grow, a guess that is answered takes
one, a refusal takes none, and a code is accepted once. The requests come one after the other, so there is no race here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

GUESSES = 5
"""What a challenge of the sandbox's policy has at first."""


@dataclass(slots=True, kw_only=True)
class Account:
    """One challenge: who it was issued for, and how it stands."""

    challenge_id: str
    email: str
    purpose: str
    transaction: Mapping[str, str] | None
    reference: str
    left: int = GUESSES
    accepted_by: tuple[str | None, str] | None = None
    answered: set[tuple[str, str]] = field(default_factory=set)


class Ledger:
    """Follows all challenges of one sandbox."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}

    def objections(self, route: str, sent: object, key: str | None, status: int, said: Mapping[str, Any]) -> list[str]:
        """Return what the answer *status*, *said* to the body *sent* breaks; take it into account for the next."""
        if not isinstance(sent, dict):
            return []
        if route == "POST /v1/challenges":
            return self._issued(sent, said) if status == 202 else []
        return self._of_challenge(route, sent, key, status, said)

    def _of_challenge(
        self, route: str, sent: dict[str, Any], key: str | None, status: int, said: Mapping[str, Any]
    ) -> list[str]:
        account = self.accounts.get(str(sent.get("challenge_id")))
        if account is None:
            return [f"{route} answered {status} about an id that was never issued"] if status < 400 else []
        match route:
            case "POST /v1/challenges/verify":
                return self._judged(account, sent, key, status, said)
            case "POST /v1/challenges/resend" if status == 202:
                return _same_guesses(account, said)
            case "POST /v1/challenges/status" if status == 200:
                accepted = said.get("verdict") == "accepted"
                wrong = accepted != (account.accepted_by is not None)
                return _same_guesses(account, said) + ["status does not know of the success"] * wrong
        return []

    def _issued(self, sent: dict[str, Any], said: Mapping[str, Any]) -> list[str]:
        challenge_id = str(said["challenge_id"])
        known = self.accounts.get(challenge_id)
        if known is not None:  # the same Idempotency-Key again
            return _same_guesses(known, said)
        self.accounts[challenge_id] = Account(
            challenge_id=challenge_id,
            email=sent["email"],
            purpose=sent["purpose"],
            transaction=sent.get("transaction"),
            reference=str(said["reference"]),
        )
        return ["a new challenge has not all its guesses"] * (said.get("attempts_left") != GUESSES)

    def _judged(
        self, account: Account, sent: dict[str, Any], key: str | None, status: int, said: Mapping[str, Any]
    ) -> list[str]:
        code = str(sent.get("code")).translate(str.maketrans("", "", " -"))
        attempt = (key, code)
        if status in {200, 401} and not _same_subject(account, sent):
            return ["a guess for another purpose or transaction was judged"]
        if status == 401:
            return self._wrong(account, key, code, said)
        if status == 200:
            repeated = account.accepted_by is not None and key is not None and account.accepted_by == attempt
            if account.accepted_by is not None and not repeated:
                return ["a code was accepted twice"]
            account.left -= 0 if repeated or (key, code) in account.answered else 1
            account.accepted_by = attempt
        return []

    def _wrong(self, account: Account, key: str | None, code: str, said: Mapping[str, Any]) -> list[str]:
        if account.accepted_by is not None:
            return ["a guess was judged after the success"]
        repeated = key is not None and (key, code) in account.answered
        account.left -= 0 if repeated else 1
        account.answered |= {(key, code)} if key is not None else set()
        return _same_guesses(account, said) + ["more guesses were judged than allowed"] * (account.left < 0)


def _same_subject(account: Account, sent: dict[str, Any]) -> bool:
    return (account.purpose, account.transaction) == (sent.get("purpose"), sent.get("transaction"))


def _same_guesses(account: Account, said: Mapping[str, Any]) -> list[str]:
    told = said.get("attempts_left")
    return [] if told == account.left else [f"{told} guesses left where {account.left} must be"]
