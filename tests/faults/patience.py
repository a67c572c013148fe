"""How long calls may take: what the real clients wait, and a world that makes them wait as long as they would."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from botocore.awsrequest import AWSResponse
from botocore.client import BaseClient

from otpost.aws import clients
from otpost.aws.transactions import MAX_TRIES
from tests.backends import faults
from tests.backends.wire import Call, Fault, Forward
from tests.faults.acts import Act
from tests.functional.stack import Context

GATEWAY_SECONDS = 30
ASKED_PAUSE, OWN_PAUSE = 6.0, 0.225
"""Seconds: the longest pause between two tries of botocore, and between two of a transaction in conflict."""

_CLIENTS: dict[str, Callable[[], BaseClient]] = {
    "dynamodb": clients.dynamodb,
    "kms": clients.kms,
    "sqs": clients.sqs,
    "sesv2": clients.ses,
}
_ASKED = faults.refused("ThrottlingException", headers={"x-amz-retry-after": "60000"})
_CONFLICT = faults.cancelled(["TransactionConflict", "None", "None"])


def one_try(service: str) -> float:
    """Return how many seconds a try of *service* waits for a peer that says nothing."""
    config = _CLIENTS[service]().meta.config
    return float(config.connect_timeout + config.read_timeout)  # type: ignore[attr-defined]  # the type lists it not


def longest(acts: Iterable[Act]) -> float:
    """Return how many seconds calls take together if each takes all that its own patience allows."""
    return sum(_longest(act) for act in acts)


def _longest(act: Act) -> float:
    service = act.call.partition(".")[0]
    tries: int = _CLIENTS[service]().meta.config.retries["total_max_attempts"]  # type: ignore[attr-defined]
    once = tries * one_try(service) + (tries - 1) * ASKED_PAUSE
    return MAX_TRIES * once + (MAX_TRIES - 1) * OWN_PAUSE if act.is_transaction else once


@dataclass(slots=True, kw_only=True)
class SlowWorld:
    """Time that passes only while somebody waits for AWS. The first *fast* tries take none, the rest go by *ways*."""

    ways: tuple[str, ...]
    fast: int = 0
    elapsed: float = 0.0
    tries: int = 0

    def __call__(self, call: Call, forward: Forward) -> AWSResponse:
        """Answer a try as slowly as its client bears."""
        self.tries += 1
        if self.tries <= self.fast:
            return forward()
        self.elapsed += one_try(call.service)
        way = self.ways[self.tries % len(self.ways)]
        if way == "conflict" and call.operation == "TransactWriteItems":
            self.elapsed += OWN_PAUSE
        return self._fault(way, call)(call, forward)

    def sleep(self, seconds: float) -> None:
        """Pause between two tries, as long as the same pause could be with other luck."""
        self.elapsed += ASKED_PAUSE if seconds > 1 else 1.0

    @staticmethod
    def _fault(way: str, call: Call) -> Fault:
        conflict = _CONFLICT if call.operation == "TransactWriteItems" else _late
        known = {"late": _late, "hang": faults.read_timeout, "lost": faults.lost_response, "throttle": _ASKED}
        return (known | {"conflict": conflict})[way]


def _late(_: Call, forward: Forward) -> AWSResponse:
    return forward()


@dataclass(frozen=True, slots=True, kw_only=True)
class Falling(Context):
    """Lambda's context of a function that may run *timeout* seconds in *world*."""

    timeout: float
    world: SlowWorld

    def get_remaining_time_in_millis(self) -> int:
        """Return what is left."""
        return max(0, round(1000 * (self.timeout - self.world.elapsed)))


SCHEDULES: dict[str, tuple[str, ...]] = {
    "every answer comes at the last moment": ("late",),
    "nothing answers": ("hang",),
    "every second try answers, late": ("hang", "late"),
    "every answer is lost": ("lost",),
    "every second answer is lost": ("late", "lost"),
    "AWS asks to wait": ("throttle", "late"),
    "transactions meet others": ("conflict", "late"),
    "transactions meet others always": ("conflict",),
}
