"""What must hold in every cell of the table, whatever failed (A57). Each rule returns what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

import jwt
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tests.backends.account import CHALLENGES, Account
from tests.faults.kept import Kept, drawn, number
from tests.functional.stack import AUDIENCE, ISSUER, Response

_UNAVAILABLE = {"type", "title", "status", "code", "detail"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a cell has shown so far: all HTTP *answers*, what came on top (*more*) and what stands in all (*now*)."""

    account: Account
    answers: Sequence[Response]
    guess: bool | None
    more: Kept
    now: Kept


def violations(seen: Seen) -> list[str]:
    """Return every invariant that *seen* breaks."""
    return [*_acceptances(seen), *_guesses(seen), *_sends(seen), *_refusals(seen)]


def _acceptances(seen: Seen) -> list[str]:
    wrong: list[str] = []
    receipts = [answer.body["receipt"] for answer in seen.answers if answer.body.get("verdict") == "accepted"]
    if receipts and seen.guess is not True:
        wrong.append("a guess that was not right was accepted")
    if receipts and seen.now.consumed != 1:
        wrong.append("accepted, and the challenge is not consumed")
    if seen.now.consumed > seen.now.challenges:
        wrong.append("consumed more often than there are challenges")
    return wrong + [why for receipt in receipts for why in _receipt(seen.account, receipt)]


def _receipt(account: Account, receipt: str) -> list[str]:
    key = load_der_public_key(account.public_key())
    try:
        claims = jwt.decode(
            receipt,
            key,  # type: ignore[arg-type]  # an EC key, since the account made it so
            algorithms=["ES256"],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
    except jwt.InvalidTokenError:
        return ["the receipt is not signed"]
    consumed = [item for item in account.glance(CHALLENGES) if "consumed_by" in item]
    for item in consumed:
        if item["pk"]["S"].endswith(claims["jti"]) and number(item, "consumed_at") // 1000 == claims["iat"]:
            return []
    return ["the receipt is about no challenge that was consumed then"]


def _guesses(seen: Seen) -> list[str]:
    """What an answer says of a guess is counted on the challenge, and a wrong one on the streak, before it is given."""
    wrong: list[str] = []
    told_wrong = sum(answer.outcome == (401, "wrong_code") for answer in seen.answers)
    if told_wrong and seen.guess is not False:
        wrong.append("a right guess was called wrong")
    if told_wrong and min(seen.more.tries, seen.more.failures) < 1:
        wrong.append("an uncounted guess was answered")
    return wrong


def _sends(seen: Seen) -> list[str]:
    wrong: list[str] = []
    if {seen.now.asked} != set(drawn(seen.account)):
        wrong.append("mails were asked for that no limit counts, or counted that nobody asked for")
    if seen.now.mails > seen.now.leases:
        wrong.append("a mail was handed over that no lease counts")
    if seen.now.leases > 2 * seen.now.asked:
        wrong.append("a mail was handed over more than twice")
    if seen.now.recorded > seen.now.asked:
        wrong.append("more mails are recorded than were asked for")
    if any(len(mail.recipients) != 1 for mail in seen.account.mails()):
        wrong.append("a mail went to more than one recipient")
    return wrong


def _refusals(seen: Seen) -> list[str]:
    """A refusal for want of an answer says nothing but that, and asks to come again (A58)."""
    wrong: list[str] = []
    for answer in seen.answers:
        if answer.status >= 500 and (set(answer.body) != _UNAVAILABLE or answer.headers.get("retry-after") != "5"):
            wrong.append("a failure says more than that it is one")
        if answer.headers.get("cache-control") == "no-store" or answer.status == 200:
            continue
        wrong.append("a refusal may be cached")
    return wrong
