"""What the tables of events/README.md take as given, brought about at a running sandbox: by HTTP, or in its tables."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3

from otpost_tools.client import Client
from otpost_tools.commands.event_cases import Mailed, another_code, issued
from otpost_tools.sandbox import place
from tests.functional.events import stored

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EMAIL = "ada@example.com"
"""The address of the files."""

_LATER = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The sandbox's account: its HTTP API, and its two tables past it."""

    client: Client
    dynamodb: "DynamoDBClient"
    challenges: str
    identities: str

    @classmethod
    def of(cls, client: Client, variables: Mapping[str, Mapping[str, str]]) -> "Account":
        """Return that of the sandbox; *variables* are its functions', by logical id."""
        return cls(
            client=client,
            dynamodb=boto3.client(
                "dynamodb",
                endpoint_url=str(client.send("GET", "/_sandbox/state").members["backends_url"]),
                region_name=place.REGION,
                aws_access_key_id="sandbox",
                aws_secret_access_key="sandbox",
            ),
            challenges=variables["IssueFunction"]["CHALLENGE_TABLE"],
            identities=variables["IssueFunction"]["IDENTITY_TABLE"],
        )

    def clear(self) -> None:
        """Forget everything."""
        assert self.client.post("/_sandbox/reset", {}).is_success

    def mails(self) -> int:
        """Return how many mails there are."""
        return len(self.client.messages())

    def items(self, table: str, kind: str) -> list[dict[str, Any]]:
        """Return the items whose key begins with *kind*."""
        found = self.dynamodb.scan(TableName=table, ConsistentRead=True)["Items"]
        return [dict(item) for item in found if item["pk"]["S"].startswith(f"{kind}#")]

    def change(self, **numbers: int) -> None:
        """Set these attributes of the one challenge."""
        (challenge,) = self.items(self.challenges, "challenge")
        challenge |= {name: {"N": str(number)} for name, number in numbers.items()}
        self.dynamodb.put_item(TableName=self.challenges, Item=challenge)

    def forget_sends(self) -> None:
        """Let the last mail to every address be long ago."""
        for window in self.items(self.challenges, "address"):
            self.dynamodb.delete_item(TableName=self.challenges, Key={"pk": window["pk"]})


def _now(after: float = 0) -> int:
    return int((time.time() + after) * 1000)


def _just_opened(account: Account) -> Mailed:
    mailed = issued(account.client, EMAIL)
    _await_sent(account)
    return mailed


def _await_sent(account: Account) -> None:
    """The mail is here before the function has written so."""
    until = time.monotonic() + 20
    while account.items(account.challenges, "challenge")[0]["mails_sent"]["N"] != "1":
        assert time.monotonic() < until, "deliver has mailed and not said so"
        time.sleep(0.02)


def _open(account: Account) -> Mailed:
    mailed = _just_opened(account)
    account.forget_sends()
    return mailed


def _guess(account: Account, mailed: Mailed, code: str) -> int:
    guess: dict[str, object] = {"challenge_id": mailed.challenge_id, "code": code, "purpose": "sign_in"}
    return account.client.verify(guess).status


def _consumed(account: Account) -> Mailed:
    mailed = _open(account)
    assert _guess(account, mailed, mailed.code) == 200
    return mailed


def _cancelled(account: Account) -> Mailed:
    mailed = _open(account)
    assert account.client.act("cancel", mailed.challenge_id).status == 200
    return mailed


def _exhausted(account: Account) -> Mailed:
    mailed = _open(account)
    assert [_guess(account, mailed, another_code(mailed.code)) for _ in range(5)] == [401] * 5
    return mailed


def _expired(account: Account) -> Mailed:
    mailed = _open(account)
    account.change(expires_at=_now())
    return mailed


def _held(account: Account) -> Mailed:
    mailed = _open(account)
    account.change(lease_until=_now(_LATER))
    return mailed


CHALLENGES: dict[str, Callable[[Account], Mailed]] = {
    "open": _open,
    "just opened": _just_opened,
    "consumed": _consumed,
    "cancelled": _cancelled,
    "exhausted": _exhausted,
    "expired": _expired,
    "lease held": _held,
}
"""Puts the one challenge in a state."""


def _mailed_just_now(account: Account) -> None:
    assert account.client.issue({"email": EMAIL, "purpose": "sign_in"}).status == 202


def _sixty_failures(account: Account) -> None:
    _mailed_just_now(account)
    (challenge,) = account.items(account.challenges, "challenge")
    account.clear()
    failures = [f"attempt {number}".encode() for number in range(60)]
    streak: Any = {"pk": {"S": f"identity#{challenge['identity']['S']}"}, "failures": {"BS": failures}}
    account.dynamodb.put_item(TableName=account.identities, Item=streak)


HISTORIES: dict[str, Callable[[Account], None]] = {
    "a mail just now": _mailed_just_now,
    "60 failures": _sixty_failures,
}
"""Gives the address of the files a past."""

TOKEN: str = json.loads(stored("status-open")["body"])["challenge_id"]
"""The id of the one challenge that the files are about."""
