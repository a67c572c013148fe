"""What one seed draws: the policy, the hour, which faults there are and how often. Every seed has its own weather."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from otpost.policy import Policy, Streak
from tests.simulation.stage import EPOCH
from tests.simulation.step import Fate
from tests.unit.world import POLICY

BOUNCING = "bounce@example.com"
"""An address that SES refuses for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One world's terms. Rates are probabilities: of a fault at each step, each answer, each receive."""

    seed: str
    policy: Policy = POLICY
    start: datetime = EPOCH
    fates: Mapping[Fate, float]
    crash: float = 0.0
    reply_lost: float = 0.0
    throttled: float = 0.0
    redelivered: float = 0.0
    settling_lost: float = 0.0
    jump: float = 0.0
    skew: timedelta = timedelta()
    slow: str = ""
    """A function whose steps take long, so that much happens between them."""
    whole_mails: bool = True
    two_regions: bool = True


def drawn(seed: str) -> Plan:
    """Return the plan of *seed*."""
    dice = random.Random(f"plan {seed}")
    calm = dice.random() < 0.1

    def rate(*choices: float) -> float:
        return 0.0 if calm or dice.random() < 0.55 else dice.choice(choices)

    return Plan(
        seed=seed,
        policy=_policy(dice),
        start=_start(dice),
        fates={fate: rate(0.01, 0.03, 0.1, 0.25) for fate in Fate if fate is not Fate.DONE},
        crash=rate(0.003, 0.02, 0.1),
        reply_lost=rate(0.02, 0.1, 0.4),
        throttled=rate(0.1, 0.4),
        redelivered=rate(0.1, 0.5),
        settling_lost=rate(0.1, 0.3),
        jump=rate(0.001, 0.01),
        skew=timedelta(milliseconds=dice.choice((0, 0, 300, 2000))),
        slow=dice.choice(("deliver", "deliver", "verify", "issue", "", "", "", "")),
        whole_mails=dice.random() < 0.08,
        two_regions=dice.random() < 0.3,
    )


def _start(dice: random.Random) -> datetime:
    """Begin anywhere, often moments before an hour or a day ends."""
    whole = EPOCH + timedelta(hours=dice.choice((0, 3, 12)))
    return whole - timedelta(milliseconds=dice.choice((0, 1, 700, 15_000, 200_000, dice.randrange(3_600_000))))


def _policy(dice: random.Random) -> Policy:
    match dice.choice(("default", "short streaks", "tight windows", "both")):
        case "default":
            return POLICY
        case "short streaks":
            return _short_streaks(POLICY, dice)
        case "tight windows":
            return _tight_windows(POLICY, dice)
        case _:
            return _short_streaks(_tight_windows(POLICY, dice), dice)


def _short_streaks(policy: Policy, dice: random.Random) -> Policy:
    step_up = dice.randint(1, 6)
    streak = Streak(step_up=step_up, refuse=dice.randint(step_up, step_up + 5))
    interval = timedelta(seconds=dice.choice((1, 10)))
    windows = replace(policy.windows, address_interval=interval, address_hour=dice.choice((5, 10)))
    return replace(policy, attempts=dice.randint(1, 5), streak=streak, windows=windows)


def _tight_windows(policy: Policy, dice: random.Random) -> Policy:
    windows = replace(
        policy.windows,
        address_interval=timedelta(seconds=dice.choice((1, 5, 30))),
        address_hour=dice.randint(1, 4),
        address_day=dice.randint(1, 5),
        source_hour=dice.randint(1, 6),
        stack_day=dice.choice((16, 48, 100_000)),
    )
    return replace(policy, windows=windows)
