"""Runs the stages one after the other, and tells what each found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from otpost_tools.torture import limit, lost_answers, many_codes, resent, restarted, winners
from otpost_tools.torture.adapter import Outcome
from otpost_tools.torture.campaign import Campaign
from otpost_tools.torture.errors import CannotMeasureError, TortureError
from otpost_tools.torture.findings import Finding, Property, not_measured
from otpost_tools.torture.plan import Plan
from otpost_tools.torture.wire import BrokenConnectionError

type Measure = Callable[[Campaign], list[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What is measured together. *rounds* says how often it calls `tick`."""

    rows: tuple[Property, ...]
    measure: Measure
    rounds: Callable[[Plan], int]


def _each(plan: Plan) -> int:
    return plan.rounds


# The restart comes when there are used and exhausted codes that still live; what moves the clock by days comes last.
STAGES = (
    Stage(rows=(Property.WINNERS, Property.REUSE), measure=winners.measure, rounds=_each),
    Stage(rows=(Property.EVALUATED, Property.AFTER_LIMIT), measure=limit.measure, rounds=_each),
    Stage(rows=(Property.RESTARTED,), measure=restarted.measure, rounds=lambda plan: int(plan.restart is not None)),
    Stage(rows=(Property.RESENT,), measure=resent.measure, rounds=_each),
    Stage(rows=(Property.LOST_RIGHT, Property.LOST_WRONG), measure=lost_answers.measure, rounds=_each),
    Stage(rows=(Property.ADDRESS,), measure=many_codes.measure, rounds=lambda plan: plan.addresses),
)


def run(campaign: Campaign, stages: Sequence[Stage] = STAGES) -> list[Finding]:
    """One finding for each property, in the order of `Property`.

    Raises TortureError if not even an honest claimant gets in: nothing else would mean anything then.
    """
    _sign_in_honestly(campaign)
    found = dict[Property, Finding]()
    for stage in stages:
        try:
            found |= {finding.property: finding for finding in stage.measure(campaign)}
        except (CannotMeasureError, BrokenConnectionError) as error:
            found |= {row: not_measured(row, str(error), failed=True) for row in stage.rows}
    return [found[row] for row in Property if row in found]


def _sign_in_honestly(campaign: Campaign) -> None:
    try:
        mailed = campaign.mailed()
        outcome = campaign.guess(mailed, mailed.code)
    except (CannotMeasureError, BrokenConnectionError) as error:
        raise TortureError(f"An honest claimant does not get in: {error}") from error
    if outcome is not Outcome.ACCEPTED:
        raise TortureError(f"An honest claimant does not get in: the right code is answered as {outcome}")
