"""A resend, then a success with the code that came last: neither it nor the earlier code works again."""

from functools import partial

from otpost_tools.torture.adapter import Outcome, Step
from otpost_tools.torture.campaign import Campaign, Mailed
from otpost_tools.torture.findings import Finding, Property, not_measured, spread, verdict_of

_BATCH = 25
"""Codes that wait for their resend together: the pause is spent once for all, and they stay well within their life."""


def measure(campaign: Campaign) -> list[Finding]:
    """Row RESENT."""
    step = campaign.product.adapter.resend
    if step is None:
        return [not_measured(Property.RESENT, "the adapter names no resend", failed=False)]
    winners, again, same = list[int](), 0, 0
    while len(winners) < campaign.plan.rounds:
        size = min(_BATCH, campaign.plan.rounds - len(winners))
        for first, last in _resent(campaign, step, size):
            outcomes = campaign.at_once(campaign.guesses(last, [last.code] * campaign.plan.parallel))
            winners.append(outcomes.count(Outcome.ACCEPTED))
            again += Outcome.ACCEPTED in [campaign.guess(last, code) for code in (first.code, last.code)]
            again += first.challenge != last.challenge and campaign.guess(first, first.code) is Outcome.ACCEPTED
            same += first.code == last.code
            campaign.tick()
    return [_finding(winners, again, same, single=campaign.product.adapter.limits.single_use)]


def _resent(campaign: Campaign, step: Step, size: int) -> list[tuple[Mailed, Mailed]]:
    firsts = [campaign.mailed() for _ in range(size)]
    campaign.pauses.wait(campaign.product.adapter.interval_seconds)
    pairs = list[tuple[Mailed, Mailed]]()
    for first in firsts:
        address = first.challenge.address
        before = campaign.inbox.mails(address)
        asked = campaign.patiently(partial(campaign.product.resend, step, first.challenge))
        code = campaign.inbox.code(address, after=before)
        pairs.append((first, Mailed(challenge=asked.challenge, code=code)))
    return pairs


def _finding(winners: list[int], again: int, same: int, *, single: bool) -> Finding:
    double, lost, rounds = sum(count > 1 for count in winners), winners.count(0), len(winners)
    codes = "the same code" if same == rounds else "a new code" if not same else f"the same code {same} times"
    words = f"{codes} is mailed; 1 winner in each of {rounds} rounds, accepted again {again} times"
    if double or lost:
        words = f"{codes} is mailed; {spread(winners)} winners, accepted again {again} times"
    return Finding(
        property=Property.RESENT,
        verdict=verdict_of(held=not double and not lost and not again, promised=single or lost > 0),
        measured=words,
        promised="1 winner, then nothing works" if single else "at least 1 winner",
        counts={"winners": winners, "accepted_again": again, "same_code": same},
    )
