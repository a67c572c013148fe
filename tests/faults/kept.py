"""What the stack holds of requests: in the tables, in the queue, and handed to SES."""

from dataclasses import dataclass, fields

from tests.backends.account import CHALLENGES, IDENTITIES, Account, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Counts over the whole account, or the difference of two of them."""

    challenges: int = 0
    asked: int = 0
    tries: int = 0
    consumed: int = 0
    cancelled: int = 0
    failures: int = 0
    verified: int = 0
    queued: int = 0
    leases: int = 0
    recorded: int = 0
    mails: int = 0

    def __sub__(self, other: "Kept") -> "Kept":
        """Return what came on top of *other*."""
        return Kept(**{each.name: getattr(self, each.name) - getattr(other, each.name) for each in fields(self)})


NOTHING = Kept()

WORDS = {
    "challenges": "the challenge",
    "asked": "one mail taken from every limit",
    "tries": "the attempt",
    "consumed": "the challenge consumed",
    "cancelled": "the cancellation",
    "failures": "the failure on the streak",
    "verified": "the time of the success",
    "queued": "the id in the queue",
    "leases": "one handing over counted",
    "recorded": "the mail recorded",
    "mails": "the mail at SES",
}
"""How a count is told to people."""


def told(kept: Kept) -> str:
    """Return what is kept, in words; a count above one says so, a streak that ended is named."""
    named: list[str] = []
    for each in fields(kept):
        count = getattr(kept, each.name)
        if each.name == "failures" and count < 0:
            named.append("the end of the streak")
        elif count:
            named.append(WORDS[each.name] + (f" ({count} times)" if count > 1 else ""))
    return ", ".join(named) or "nothing"


def kept(account: Account) -> Kept:
    """Return what the account holds now."""
    challenges = [item for item in account.glance(CHALLENGES) if _is(item, "challenge")]
    identities = account.glance(IDENTITIES)
    return Kept(
        challenges=len(challenges),
        asked=sum(number(item, "mails_asked") for item in challenges),
        tries=sum(members(item, "tries") for item in challenges),
        consumed=sum("consumed_by" in item for item in challenges),
        cancelled=sum("cancelled_at" in item for item in challenges),
        failures=sum(members(item, "failures") for item in identities),
        verified=sum("last_verified_at" in item for item in identities),
        queued=len(set(account.queued())),
        leases=sum(members(item, "sends") for item in challenges),
        recorded=sum(number(item, "mails_sent") for item in challenges),
        mails=len(account.mails()),
    )


def drawn(account: Account) -> tuple[int, int]:
    """Return how many mails were taken from the stack's counters, and from the windows of addresses."""
    items = account.glance(CHALLENGES)
    stack = sum(number(item, "mails") for item in items if _is(item, "stack"))
    sends = [value for item in items if _is(item, "address") for name, value in item.items() if name[:5] == "sent_"]
    return stack, sum(value["N"] != "0" for value in sends)


def number(item: Item, name: str) -> int:
    """Return a number of an item, 0 if it is absent."""
    return int(item.get(name, {"N": "0"})["N"])


def members(item: Item, name: str) -> int:
    """Return the size of a set of an item, 0 if it is absent."""
    return len(item.get(name, {"BS": []})["BS"])


def _is(item: Item, kind: str) -> bool:
    return bool(item["pk"]["S"].startswith(f"{kind}#"))
