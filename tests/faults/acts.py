"""What a call to AWS does for us, read off the request itself: an operation, what it is about, what it changes.

A call that is none of these acts is one that nobody has thought about: `act_of` raises ValueError.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from tests.backends.account import Account
from tests.backends.wire import Call, Fault, Forward

_CLAUSE = re.compile(r"(SET|REMOVE|ADD|DELETE) (.*?)(?= SET | REMOVE | ADD | DELETE |$)")


class Act(StrEnum):
    """Every call that the functions make."""

    PSEUDONYM_KEY = "kms.GenerateMac identity"
    HOUR_KEY = "kms.GenerateMac code"
    SIGN = "kms.Sign signing"
    PUBLIC_KEY = "kms.GetPublicKey signing"
    READ_STREAK = "dynamodb.GetItem identities"
    FIND = "dynamodb.GetItem challenges"
    OPEN = "dynamodb.TransactWriteItems Put challenge"
    ASK_AGAIN = "dynamodb.TransactWriteItems Update challenge"
    SPEND = "dynamodb.UpdateItem challenges ADD tries"
    SPEND_AND_CONSUME = "dynamodb.UpdateItem challenges ADD tries SET consumed_at SET consumed_by"
    CANCEL = "dynamodb.UpdateItem challenges SET cancelled_at"
    LEASE = "dynamodb.UpdateItem challenges ADD sends SET lease_by SET lease_until"
    GIVE_BACK = "dynamodb.UpdateItem challenges DELETE sends REMOVE lease_by REMOVE lease_until"
    RECORD = "dynamodb.UpdateItem challenges REMOVE lease_by REMOVE lease_until SET delivery SET mails_sent"
    COUNT_FAILURE = "dynamodb.UpdateItem identities ADD failures"
    END_STREAK = "dynamodb.UpdateItem identities REMOVE failures SET last_verified_at"
    QUEUE = "sqs.SendMessage"
    MAIL = "sesv2.SendEmail"

    @property
    def call(self) -> str:
        """Return the call as `kms.Sign`."""
        return self.value.split(" ")[0]

    @property
    def is_transaction(self) -> bool:
        """Say whether it is a transaction, which has ways of its own to fail and tries of its own."""
        return self.call == "dynamodb.TransactWriteItems"

    @property
    def is_write(self) -> bool:
        """Say whether it changes something, so that it can be done without anybody hearing of it."""
        return self.call not in {"dynamodb.GetItem", "kms.GenerateMac", "kms.Sign", "kms.GetPublicKey"}

    @property
    def is_key(self) -> bool:
        """Say whether its answer is kept in memory, so that only a cold function asks."""
        return self in {Act.PSEUDONYM_KEY, Act.HOUR_KEY}


def act_of(call: Call, account: Account) -> Act:
    """Return what *call* does; ValueError if it is none of the acts above."""
    about = _about(call.parameters, account)
    return Act(f"{call.name} {about}".rstrip())


def striking(act: Act, fault: Fault, account: Account) -> Fault:
    """Return a fault that strikes the calls of one act and lets the others through."""

    def fault_of_act(call: Call, forward: Forward) -> Any:
        return fault(call, forward) if act_of(call, account) is act else forward()

    return fault_of_act


def _about(parameters: Mapping[str, Any], account: Account) -> str:
    match parameters:
        case {"KeyId": arn}:
            return {account.keys.code: "code", account.keys.identity: "identity", account.keys.signing: "signing"}[arn]
        case {"TransactItems": parts}:
            kind, part = next(pair for part in parts for pair in part.items() if "ConditionCheck" not in part)
            key = (part.get("Key") or part["Item"])["pk"]["S"]
            return f"{kind} {key.partition('#')[0]}"
        case {"TableName": table, "UpdateExpression": expression, "ExpressionAttributeNames": names}:
            return f"{table} {' '.join(_changes(expression, names))}"
        case {"TableName": table}:
            return str(table)
        case _:
            return ""


def _changes(expression: str, names: Mapping[str, str]) -> list[str]:
    targets = [(verb, part.split()[0]) for verb, parts in _CLAUSE.findall(expression) for part in parts.split(", #")]
    return sorted(f"{verb} {names['#' + name.lstrip('#')]}" for verb, name in targets)
