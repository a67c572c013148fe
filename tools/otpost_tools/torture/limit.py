"""Wrong guesses, one by one and in parallel: no more are looked at than declared, then not even the right code is."""

from dataclasses import dataclass, field
from itertools import islice

from otpost_tools.torture.adapter import Outcome
from otpost_tools.torture.campaign import Campaign, Exhaustion, Mailed
from otpost_tools.torture.chance import at_least
from otpost_tools.torture.errors import CannotMeasureError
from otpost_tools.torture.findings import Finding, Property, spread, verdict_of
from otpost_tools.torture.guesses import wrong_codes

_CHANCE = 1e-4
"""How improbable a count of hits must be before it is called a violation."""


@dataclass(slots=True, kw_only=True)
class _Seen:
    judged: list[int] = field(default_factory=list[int])
    hits: int = 0
    errors: int = 0
    limited: int = 0
    refused_after: int = 0
    accepted_after: int = 0

    def after(self, outcome: Outcome) -> None:
        self.accepted_after += outcome is Outcome.ACCEPTED
        self.refused_after += outcome is not Outcome.ACCEPTED


def measure(campaign: Campaign) -> list[Finding]:
    """Rows EVALUATED and AFTER_LIMIT; leaves behind how guessing ends."""
    if campaign.plan.parallel <= campaign.plan.tries:
        raise CannotMeasureError(f"more parallel requests (-p) than {campaign.plan.tries} are needed to pass the limit")
    seen = _Seen()
    for _ in range(campaign.plan.rounds):
        found = _one_by_one(campaign, seen)
        campaign.exhaustion = campaign.exhaustion or found
        _in_parallel(campaign, seen, campaign.exhaustion)
        campaign.tick()
    declared = campaign.product.adapter.limits.attempts_per_code
    ends = campaign.exhaustion
    assert ends is not None  # there is at least one round
    return [_evaluated(campaign, seen, declared, is_mute=ends.is_mute), _after_limit(seen, declared)]


def _one_by_one(campaign: Campaign, seen: _Seen) -> Exhaustion:
    mailed, tries = campaign.mailed(), campaign.plan.tries
    wrong = _wrong(campaign, mailed, tries + 1)
    outcomes = [campaign.guess(mailed, code) for code in wrong[:tries]]
    if outcomes[0] is not Outcome.WRONG or Outcome.ERROR in outcomes:
        raise CannotMeasureError(f"wrong guesses, one by one, are answered as {', '.join(dict.fromkeys(outcomes))}")
    right = campaign.guess(mailed, mailed.code)
    seen.after(right)
    if right is not Outcome.ACCEPTED:
        campaign.exhausted.append(mailed)
    is_mute = right is not Outcome.ACCEPTED and campaign.guess(mailed, wrong[-1]) is Outcome.WRONG
    return Exhaustion(judged=_leading(outcomes), ends=right is not Outcome.ACCEPTED, is_mute=is_mute)


def _in_parallel(campaign: Campaign, seen: _Seen, exhaustion: Exhaustion) -> None:
    mailed, parallel = campaign.mailed(), campaign.plan.parallel
    codes = _wrong(campaign, mailed, parallel)
    if exhaustion.is_mute:  # "wrong" proves nothing then; what was looked at shows in how often a right guess gets in
        codes[campaign.random.randrange(parallel)] = mailed.code
    outcomes = campaign.at_once(campaign.guesses(mailed, codes))
    judged = outcomes.count(Outcome.WRONG) + outcomes.count(Outcome.ACCEPTED)
    hit = Outcome.ACCEPTED in outcomes
    if set(outcomes) <= {Outcome.LIMITED, Outcome.ERROR}:
        raise CannotMeasureError(f"wrong guesses in parallel are answered as {', '.join(dict.fromkeys(outcomes))}")
    seen.judged.append(judged)
    seen.hits += hit
    seen.errors += outcomes.count(Outcome.ERROR)
    seen.limited += outcomes.count(Outcome.LIMITED)
    if judged >= campaign.plan.tries and not hit:
        seen.after(campaign.guess(mailed, mailed.code))
        campaign.exhausted.append(mailed)


def _wrong(campaign: Campaign, mailed: Mailed, number: int) -> list[str]:
    alphabet = campaign.product.adapter.code.alphabet
    return list(islice(wrong_codes(mailed.code, alphabet, start=campaign.random.randrange(1, 1000)), number))


def _leading(outcomes: list[Outcome]) -> int:
    """How many wrong guesses are answered as wrong before anything else is said."""
    return next((at for at, outcome in enumerate(outcomes) if outcome is not Outcome.WRONG), len(outcomes))


def _evaluated(campaign: Campaign, seen: _Seen, declared: int | None, *, is_mute: bool) -> Finding:
    rounds, parallel = len(seen.judged), campaign.plan.parallel
    counts: dict[str, int | float | list[int]] = {
        "answered_as_wrong": seen.judged,
        "errors": seen.errors,
        "limited": seen.limited,
    }
    if is_mute:
        looked_at = seen.hits / rounds * parallel
        chance = at_least(seen.hits, rounds, (declared or parallel) / parallel)
        counts |= {"hits": seen.hits, "estimate": looked_at, "chance_if_promise_holds": chance}
        words = f"about {looked_at:.0f} of {parallel}: a right one among them won in {seen.hits} of {rounds} rounds"
        held = chance > _CHANCE
    else:
        words = f"{spread(seen.judged)} of {parallel} in each of {rounds} rounds"
        held = max(seen.judged) <= (declared or 0)
    return Finding(
        property=Property.EVALUATED,
        verdict=verdict_of(held=held, promised=declared is not None),
        measured=words,
        promised="" if declared is None else f"at most {declared}",
        counts=counts,
    )


def _after_limit(seen: _Seen, declared: int | None) -> Finding:
    tried = seen.accepted_after + seen.refused_after
    return Finding(
        property=Property.AFTER_LIMIT,
        verdict=verdict_of(held=not seen.accepted_after, promised=declared is not None),
        measured=f"accepted {seen.accepted_after} of {tried} times",
        promised="" if declared is None else f"refused after {declared} wrong guesses",
        counts={"accepted": seen.accepted_after, "tried": tried},
    )
