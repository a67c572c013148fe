"""Broken ways to build the stack, each a mistake that has been made somewhere: the simulator must find every one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.simulation.laws.knowledge import Knowledge
from tests.simulation.laws.law import Law
from tests.simulation.laws.limits import Limits
from tests.simulation.laws.mails import Mails
from tests.simulation.laws.promises import Promises
from tests.simulation.laws.repeats import Repeats
from tests.simulation.laws.spending import Spending
from tests.simulation.laws.streaks import Streaks
from tests.simulation.mutants.issuing import (
    ChecksFirst,
    CountsFirst,
    ForgetsStreak,
    NoSiblings,
    StreakAfterwards,
    replicated,
)
from tests.simulation.mutants.mailing import HopesForMail, LeasesWhatIsOver, RecordsAllAsked, SendsWithoutEnd
from tests.simulation.mutants.spending import (
    AcceptsExpired,
    CancelsConsumed,
    NumberInsteadOfSet,
    ReadCompareWrite,
    ResendRenewsAttempts,
    StrictConsume,
)
from tests.simulation.region import Build


@dataclass(frozen=True, slots=True)
class Mutant:
    """A broken build, and the law by which alone it must be found out."""

    build: Callable[[], Build]
    law: type[Law]


MUTANTS: Mapping[str, Mutant] = {
    "read, compare, write": Mutant(lambda: Build(wired_challenges=ReadCompareWrite), Spending),
    "a number instead of the set": Mutant(lambda: Build(challenges=NumberInsteadOfSet), Spending),
    "strict consume": Mutant(lambda: Build(challenges=StrictConsume), Spending),
    "a resend renews attempts": Mutant(lambda: Build(challenges=ResendRenewsAttempts), Spending),
    "expiry left to TTL": Mutant(lambda: Build(challenges=AcceptsExpired), Spending),
    "cancel without a condition": Mutant(lambda: Build(challenges=CancelsConsumed), Knowledge),
    "sends without end": Mutant(lambda: Build(challenges=SendsWithoutEnd), Mails),
    "leases what is over": Mutant(lambda: Build(challenges=LeasesWhatIsOver), Mails),
    "one mail recorded for all": Mutant(lambda: Build(challenges=RecordsAllAsked), Mails),
    "no sibling check": Mutant(lambda: Build(challenges=NoSiblings), Repeats),
    "windows counted first": Mutant(lambda: Build(wired_challenges=CountsFirst), Limits),
    "windows checked first": Mutant(lambda: Build(wired_challenges=ChecksFirst), Limits),
    "streak after the answer": Mutant(lambda: Build(wired_identities=StreakAfterwards), Streaks),
    "a repeat ends the streak": Mutant(lambda: Build(identities=ForgetsStreak), Streaks),
    "the queue is not waited for": Mutant(lambda: Build(wired_outbox=HopesForMail), Promises),
    "replicas instead of pinning": Mutant(replicated, Spending),
}
