"""Derives very many codes, in processes of their own since coverage would slow them down."""

from array import array
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from otpost.challenge_id import ChallengeId
from otpost.code import derive_code
from otpost.transaction import ABSENT
from tests.unit.world import REGION

HOUR_KEY = b"an hour key of exactly 32 octets"


def counted(count: int, *, workers: int = 2) -> Sequence[int]:
    """Return how often each code of six digits came up among *count* ids, from 000000 to 999999."""
    share = count // workers
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        parts = pool.map(_count, range(0, count, share), [share] * workers)
        return [sum(part) for part in zip(*parts, strict=True)]


def _count(start: int, count: int) -> Sequence[int]:
    counts = array("H", bytes(2 * 10**6))
    for number in range(start, start + count):
        challenge_id = ChallengeId(region=REGION, hour=491_625, code_length=6, entropy=number.to_bytes(16))
        counts[int(derive_code(HOUR_KEY, challenge_id, purpose="sign_in", transaction_hash=ABSENT).digits)] += 1
    return counts
