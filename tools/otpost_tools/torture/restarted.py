"""A restart of the product: what was used or exhausted before stays so."""

import shlex
import subprocess
import time

from otpost_tools.torture.adapter import Outcome
from otpost_tools.torture.campaign import Campaign
from otpost_tools.torture.errors import CannotMeasureError
from otpost_tools.torture.findings import Finding, Property, not_measured, verdict_of
from otpost_tools.torture.wire import BrokenConnectionError

COMMAND_SECONDS = 300
_READY_SECONDS = 120.0
_PAUSE_SECONDS = 0.25


def measure(campaign: Campaign) -> list[Finding]:
    """Row RESTARTED: every code that earlier stages used or exhausted is presented again."""
    command = campaign.plan.restart
    if command is None:
        return [not_measured(Property.RESTARTED, "no --restart command was given", failed=False)]
    dead = campaign.consumed + campaign.exhausted
    if not dead:
        raise CannotMeasureError("no code was used or exhausted before")
    _run(command)
    _await_answer(campaign)
    guesses = [campaign.product.guess(mailed.challenge, mailed.code) for mailed in dead]
    accepted = sum(campaign.until_answered(guess) is Outcome.ACCEPTED for guess in guesses)
    campaign.tick()
    single = campaign.product.adapter.limits.single_use
    return [
        Finding(
            property=Property.RESTARTED,
            verdict=verdict_of(held=not accepted, promised=single),
            measured=f"accepted {accepted} of {len(dead)} used or exhausted codes",
            promised="refused" if single else "",
            counts={"accepted": accepted, "used": len(campaign.consumed), "exhausted": len(campaign.exhausted)},
        )
    ]


def _run(command: str) -> None:
    try:
        subprocess.run(shlex.split(command), check=True, stdin=subprocess.DEVNULL, timeout=COMMAND_SECONDS)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise CannotMeasureError(f"the restart command failed: {error}") from error


def _await_answer(campaign: Campaign) -> None:
    """Until a code can be asked for again."""
    until = time.monotonic() + _READY_SECONDS
    while True:
        try:
            if campaign.product.issue(campaign.fresh_address()).outcome is Outcome.ISSUED:
                return
        except BrokenConnectionError:
            pass
        if time.monotonic() > until:
            raise CannotMeasureError(f"the product did not come back within {_READY_SECONDS:.0f} s of its restart")
        time.sleep(_PAUSE_SECONDS)
