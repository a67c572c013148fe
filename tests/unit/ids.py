"""One challenge id to try things with."""

from datetime import datetime

from otpost.challenge_id import ChallengeId, hour_of
from tests.contract.samples import NOW
from tests.unit.world import REGION

ID = ChallengeId(region=REGION, hour=hour_of(NOW), code_length=6, entropy=bytes(range(16)))


def parse(token: str, *, region: str = REGION, now: datetime = NOW) -> ChallengeId | None:
    return ChallengeId.parse(token, region=region, now=now)
