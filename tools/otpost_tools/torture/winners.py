"""Right guesses in parallel: exactly one is accepted. Then the code once more: it is refused."""

from collections.abc import Sequence

from otpost_tools.torture.adapter import Outcome
from otpost_tools.torture.campaign import Campaign
from otpost_tools.torture.findings import Finding, Property, spread, verdict_of
from otpost_tools.torture.wire import Request


def measure(campaign: Campaign) -> list[Finding]:
    """Rows WINNERS and REUSE."""
    winners, errors, reused = list[int](), 0, 0
    for _ in range(campaign.plan.rounds):
        mailed = campaign.mailed()
        requests = campaign.guesses(mailed, [mailed.code] * campaign.plan.parallel)
        outcomes = campaign.at_once(requests)
        winners.append(outcomes.count(Outcome.ACCEPTED) or int(_gets_in_later(campaign, requests, outcomes)))
        errors += outcomes.count(Outcome.ERROR)
        if winners[-1]:
            campaign.consumed.append(mailed)
            reused += campaign.guess(mailed, mailed.code) is Outcome.ACCEPTED
        campaign.tick()
    single = campaign.product.adapter.limits.single_use
    used = len(winners) - winners.count(0)
    return [_winners(winners, errors, single=single), _reuse(reused, used, single=single)]


def _gets_in_later(campaign: Campaign, requests: Sequence[Request], outcomes: Sequence[Outcome]) -> bool:
    """Nobody won; whoever got no verdict repeats the same request, as a claimant's browser would."""
    again = [
        request
        for request, outcome in zip(requests, outcomes, strict=True)
        if outcome in {Outcome.ERROR, Outcome.LIMITED}
    ]
    return any(campaign.until_answered(request) is Outcome.ACCEPTED for request in again[:3])


def _winners(winners: list[int], errors: int, *, single: bool) -> Finding:
    double, lost = sum(count > 1 for count in winners), winners.count(0)
    words = f"1 in each of {len(winners)} rounds"
    if double or lost:
        words = f"{spread(winners)}; double use in {double} and nobody in {lost} of {len(winners)} rounds"
    return Finding(
        property=Property.WINNERS,
        verdict=verdict_of(held=not double and not lost, promised=single or lost > 0),
        measured=words,
        promised="exactly 1" if single else "at least 1",
        counts={"winners": winners, "double_uses": double, "lost_successes": lost, "errors": errors},
    )


def _reuse(reused: int, used: int, *, single: bool) -> Finding:
    return Finding(
        property=Property.REUSE,
        verdict=verdict_of(held=not reused, promised=single),
        measured=f"accepted {reused} of {used} times",
        promised="refused" if single else "",
        counts={"accepted": reused, "tried": used},
    )
