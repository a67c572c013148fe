"""One Region: stores, queue, transport and functions of its own, composed from genuine parts or from broken ones."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from otpost.challenge import Challenge
from otpost.code import Code
from otpost.message import Composer
from tests.fakes.challenges import MemoryChallenges
from tests.fakes.identities import MemoryIdentities
from tests.fakes.keys import MemoryCodeKeys, MemoryIdentityKey
from tests.fakes.mail import MemoryMailer
from tests.simulation.clock import Clock
from tests.simulation.functions import Functions, Ports
from tests.simulation.plan import BOUNCING, Plan
from tests.simulation.queue import Queue
from tests.simulation.stage import Stage
from tests.simulation.step import Wired

_CODE = re.compile(rb"(?<!\d)(\d{6,10}) is your code")


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """What a world is made of. A mutant exchanges one part for a broken one."""

    challenges: Callable[[], MemoryChallenges] = MemoryChallenges
    identities: Callable[[], MemoryIdentities] = MemoryIdentities
    wired_challenges: Callable[[Any], Any] = Wired
    wired_identities: Callable[[Any], Any] = Wired
    wired_outbox: Callable[[Any], Any] = Wired
    home: str | None = None
    """A Region whose challenges and keys all Regions take for their own: what pinning forbids."""


GENUINE = Build()


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """What stands in one Region."""

    name: str
    challenges: MemoryChallenges
    identities: MemoryIdentities
    queue: Queue
    mailer: MemoryMailer
    code_keys: MemoryCodeKeys
    functions: Functions


class Brief(Composer):
    """Writes nothing but the first line: composing whole mails would take most of the time of a simulation."""

    def compose(self, challenge: Challenge, code: Code, *, now: datetime) -> bytes:  # noqa: ARG002
        """See Composer."""
        return f"{code.digits} is your code. {challenge.reference}".encode()


_BRIEF = Brief(
    brand="Example", sender="no-reply@otpost.example", site_origin="https://a.example", support="h@a.example"
)


def code_in(mime: bytes) -> str:
    """Return the code that a claimant reads."""
    found = _CODE.search(mime)
    assert found is not None
    return found[1].decode()


def build_region(name: str, stage: Stage, plan: Plan, clock: Clock, build: Build) -> Region:
    """Compose the functions of one Region over new stores, every call of which is a step."""
    region = Region(
        name=name,
        challenges=build.challenges(),
        identities=build.identities(),
        queue=Queue(clock),
        mailer=MemoryMailer(),
        code_keys=MemoryCodeKeys((build.home or name).encode()),
        functions=stage.functions[name],
    )
    region.mailer.refused.add(BOUNCING)
    ports = Ports(
        challenges=build.wired_challenges(region.challenges),
        identities=build.wired_identities(region.identities),
        outbox=build.wired_outbox(region.queue),
        mailer=Wired(region.mailer),
        code_keys=Wired(region.code_keys),
        identity_key=Wired(MemoryIdentityKey()),
        signer=Wired(stage.signer),
    )
    composer = None if plan.whole_mails else _BRIEF
    region.functions.compose(ports, policy=plan.policy, composer=composer, home=build.home or name)
    return region
