"""What a run will do, checked before it does it: whose deployment, how much, how many requests and mails at most."""

from dataclasses import dataclass
from ipaddress import ip_address
from math import ceil
from urllib.parse import urlsplit

from otpost_tools.torture.adapter import Adapter
from otpost_tools.torture.errors import RefusedTargetError

MOST_ROUNDS, MOST_PARALLEL = 200, 256
UNDECLARED_TRIES = 20
"""Wrong guesses that are made on one code where the product declares no limit."""
MOST_CODES = 60
"""Codes that are asked for one address, at most."""
_ROUNDS_PER_ADDRESS = 5
_ADDRESS_VARIABLES = "{run} and {n}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """*rounds* for each property with *parallel* simultaneous requests. *tries* wrong guesses exhaust a code."""

    rounds: int
    parallel: int
    tries: int
    address: str
    seed: int
    restart: str | None = None

    @property
    def addresses(self) -> int:
        """How many addresses are asked for many codes each: one for five rounds."""
        return ceil(self.rounds / _ROUNDS_PER_ADDRESS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Most:
    """Upper bounds of a run."""

    requests: int
    mails: int


def checked(plan: Plan, url: str, owned: str | None) -> Plan:
    """*plan* itself; RefusedTargetError if it is out of bounds, or points at something that is not the operator's."""
    if not 1 <= plan.rounds <= MOST_ROUNDS:
        raise RefusedTargetError(f"rounds must be 1 to {MOST_ROUNDS}; {plan.rounds} would be no measurement any more")
    if not 2 <= plan.parallel <= MOST_PARALLEL:  # noqa: PLR2004 - one is not parallel
        raise RefusedTargetError(f"parallel requests must be 2 to {MOST_PARALLEL}, not {plan.parallel}")
    if not ("{run}" in plan.address and "{n}" in plan.address and "@" in plan.address):
        raise RefusedTargetError(f"the address must have {_ADDRESS_VARIABLES} in it: every code needs a fresh one")
    host = urlsplit(url).hostname or ""
    if is_loopback(host):
        return plan
    if owned is None or owned.lower() != host:
        raise RefusedTargetError(
            f"{host} is another machine. A run attacks it and makes it send mail. If it is yours: --i-own-this {host}"
        )
    if plan.address.endswith(("@example.com", "@example.net", "@example.org")):
        raise RefusedTargetError("real mail would go to example.com: give --address with a domain of yours")
    return plan


def is_loopback(host: str) -> bool:
    """True if *host* can only be this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def most(plan: Plan, adapter: Adapter) -> Most:
    """Upper bounds of what a run sends, retries after errors left out."""
    calls = len(adapter.issue.before) + 1 + len(adapter.verify.before)
    resends = plan.rounds if adapter.resend is not None else 0
    # One honest sign-in; in each round: right in parallel, wrong one by one, wrong in parallel, two lost answers.
    mails = 1 + 5 * plan.rounds + 2 * resends + plan.addresses * MOST_CODES
    guesses = plan.rounds * (2 * plan.parallel + 2 * plan.tries + 10) + resends * (plan.parallel + 2)
    guesses += plan.addresses * MOST_CODES * (plan.tries + 1) + (2 * plan.rounds if plan.restart else 0)
    return Most(requests=mails * calls + guesses, mails=mails)
