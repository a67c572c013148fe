"""Answers that are lost on their way: the same request again lets the claimant in, and is no second attempt."""

from itertools import islice

from otpost_tools.torture.adapter import Outcome
from otpost_tools.torture.campaign import Campaign, Exhaustion
from otpost_tools.torture.findings import Finding, Property, not_measured, spread, verdict_of
from otpost_tools.torture.guesses import wrong_codes


def measure(campaign: Campaign) -> list[Finding]:
    """Rows LOST_RIGHT and LOST_WRONG."""
    kept, again, spent = 0, 0, list[int]()
    exhaustion = campaign.exhaustion
    for round_ in range(campaign.plan.rounds):
        got_in, twice = _right(campaign, answered=round_ % 2 == 0)
        kept += got_in
        again += twice
        if exhaustion is not None and exhaustion.ends:
            spent.append(_wrong(campaign, exhaustion))
        campaign.tick()
    return [_lost_right(campaign, kept, again), _lost_wrong(campaign, spent)]


def _right(campaign: Campaign, *, answered: bool) -> tuple[bool, bool]:
    """If the claimant gets in by repeating the request, and if a second party then does with the same code."""
    mailed = campaign.mailed()
    request = campaign.product.guess(mailed.challenge, mailed.code)
    campaign.lose(request, answered=answered)
    got_in = campaign.until_answered(request) is Outcome.ACCEPTED
    return got_in, got_in and campaign.guess(mailed, mailed.code) is Outcome.ACCEPTED


def _wrong(campaign: Campaign, exhaustion: Exhaustion) -> int:
    """How many attempts one wrong guess cost whose answer was lost and that was repeated."""
    mailed = campaign.mailed()
    alphabet = campaign.product.adapter.code.alphabet
    first, *others = islice(wrong_codes(mailed.code, alphabet), 1 + exhaustion.judged)
    request = campaign.product.guess(mailed.challenge, first)
    campaign.lose(request, answered=True)
    campaign.until_answered(request)
    left = 0
    while left < len(others) and campaign.guess(mailed, others[left]) is Outcome.WRONG:
        left += 1
    return exhaustion.judged - left


def _lost_right(campaign: Campaign, kept: int, again: int) -> Finding:
    rounds, single = campaign.plan.rounds, campaign.product.adapter.limits.single_use
    words = f"got in {kept} of {rounds} times" + (f", and a second party {again} times" if again else "")
    return Finding(
        property=Property.LOST_RIGHT,
        verdict=verdict_of(held=kept == rounds and not again, promised=single or kept < rounds),
        measured=words,
        promised="the claimant gets in" + (", nobody else does" if single else ""),
        counts={"got_in": kept, "lost_successes": rounds - kept, "double_uses": again, "tried": rounds},
    )


def _lost_wrong(campaign: Campaign, spent: list[int]) -> Finding:
    if not spent:
        return not_measured(Property.LOST_WRONG, "no limit was met that attempts could be counted by", failed=False)
    has_key = campaign.product.adapter.verify.idempotency_header is not None
    return Finding(
        property=Property.LOST_WRONG,
        verdict=verdict_of(held=set(spent) == {1}, promised=has_key),
        measured=f"counted as {spread(spent)} in each of {len(spent)} rounds",
        promised="counted as 1" if has_key else "",
        counts={"attempts_spent": spent},
    )
