"""Many open codes of one address, guessed on at once (AuthQuake): all guesses together stay within the bound."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from otpost_tools.torture.adapter import Outcome
from otpost_tools.torture.campaign import Campaign, Mailed
from otpost_tools.torture.errors import CannotMeasureError
from otpost_tools.torture.findings import Finding, Property, not_measured, verdict_of
from otpost_tools.torture.guesses import wrong_codes
from otpost_tools.torture.plan import MOST_CODES

_WAVE = 10
"""Codes opened before guessing on all: more would outlive the first of them."""
_HORIZON_SECONDS = 7 * 86_400


@dataclass(slots=True, kw_only=True)
class _Siege:
    """What became of one address. *waited* counts seconds of the product's time; *ended* says that it gave no more."""

    address: str
    codes: int = 0
    judged: int = 0
    waited: int = 0
    ended: bool = False
    pause: int | None = None
    opened: list[Mailed] = field(default_factory=list[Mailed])


def measure(campaign: Campaign) -> list[Finding]:
    """Row ADDRESS."""
    if campaign.inbox.is_manual:
        return [not_measured(Property.ADDRESS, "too many codes to type by hand", failed=False)]
    sieges = list[_Siege]()
    for _ in range(campaign.plan.addresses):
        siege = _Siege(address=campaign.fresh_address())
        _besiege(campaign, siege)
        if not siege.codes:
            raise CannotMeasureError("a fresh address is given no code")
        sieges.append(siege)
        campaign.tick()
    return [_finding(campaign, sieges)]


def _besiege(campaign: Campaign, siege: _Siege) -> None:
    """Waves until the product gives no more codes even after the pause it asked for, or a bound of ours is reached."""
    fruitless = 0
    while siege.codes < MOST_CODES and siege.waited < _HORIZON_SECONDS:
        _open(campaign, siege)
        fruitless = 0 if siege.opened else fruitless + 1
        _guess_on_all(campaign, siege)
        if siege.pause is None:
            continue
        if fruitless > 1 or not (campaign.pauses.are_free or siege.pause <= campaign.product.adapter.interval_seconds):
            siege.ended = True
            return
        _wait(campaign, siege, siege.pause)


def _open(campaign: Campaign, siege: _Siege) -> None:
    """Ask for codes until there is a wave of them, or the product asks for a pause."""
    adapter = campaign.product.adapter
    wave = 1 if adapter.replaces else _WAVE
    siege.opened.clear()
    siege.pause = None
    while len(siege.opened) < wave and siege.codes < MOST_CODES:
        before = campaign.inbox.mails(siege.address)
        asked = campaign.product.issue(siege.address)
        match asked.outcome:
            case Outcome.ISSUED:
                code = campaign.inbox.code(siege.address, after=before)
                siege.opened.append(Mailed(challenge=asked.challenge, code=code))
                siege.codes += 1
                _wait(campaign, siege, adapter.interval_seconds)
            case Outcome.LIMITED | Outcome.REFUSED:
                siege.pause = asked.retry_after or max(60, adapter.interval_seconds)
                return
            case _:
                raise CannotMeasureError(f"asking for one more code is answered as {asked.outcome}")


def _guess_on_all(campaign: Campaign, siege: _Siege) -> None:
    """One wrong guess on each open code at one instant, then the next, until none is answered as wrong any more."""
    mute = campaign.exhaustion is not None and campaign.exhaustion.is_mute
    # Where a dead code answers "wrong", too, only the declared number is counted, in the product's favour.
    most = campaign.plan.tries + (0 if mute else 1)
    alphabet = campaign.product.adapter.code.alphabet
    alive: list[tuple[Mailed, Iterator[str]]] = [(one, wrong_codes(one.code, alphabet)) for one in siege.opened]
    for _ in range(most):
        requests = [campaign.product.guess(mailed.challenge, next(codes)) for mailed, codes in alive]
        outcomes = list[Outcome]()
        for at in range(0, len(requests), campaign.plan.parallel):
            outcomes += campaign.at_once(requests[at : at + campaign.plan.parallel])
        siege.judged += outcomes.count(Outcome.WRONG)
        alive = [one for one, outcome in zip(alive, outcomes, strict=True) if outcome is Outcome.WRONG]


def _wait(campaign: Campaign, siege: _Siege, seconds: int) -> None:
    campaign.pauses.wait(seconds)
    siege.waited += seconds


def _finding(campaign: Campaign, sieges: list[_Siege]) -> Finding:
    bound = campaign.product.adapter.limits.guesses_per_address
    worst = max(sieges, key=lambda siege: siege.judged)
    ended = "then no more was given" if worst.ended else "and nothing ended it"
    return Finding(
        property=Property.ADDRESS,
        verdict=verdict_of(held=worst.judged <= (bound or 0), promised=bound is not None),
        measured=f"{worst.judged} on {worst.codes} codes{_within(worst.waited)}, {ended}",
        promised="" if bound is None else f"at most {bound}",
        counts={
            "judged": [siege.judged for siege in sieges],
            "codes": [siege.codes for siege in sieges],
            "seconds": [siege.waited for siege in sieges],
        },
    )


def _within(seconds: int) -> str:
    hours = seconds / 3600
    return f" within {hours:.0f} h" if hours >= 1 else f" within {seconds} s" if seconds else ""
