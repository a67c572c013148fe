"""Races in which transactions meet conflicts, which DynamoDB may announce whenever two touch one item.

DynamoDB Local never does, so the wire says it (`wire`), in half of the requests up to four times: more often than the
store tries.
"""

from collections import Counter
from functools import partial

import pytest

from otpost.challenge import Verdict
from otpost.errors import Unavailable
from otpost.ports import Opened
from otpost.window import RateLimited
from tests.contract.samples import new_challenge, opened
from tests.races import acts
from tests.races.crowd import Act, Threads
from tests.races.engine import Place, Stores
from tests.races.figures import FIGURES
from tests.races.wire import Fate, Wire

ROUNDS, CROWD = 10, 32


@pytest.fixture
def crowd(place: Place, account: object) -> Threads:
    return Threads(place.stores(connections=CROWD), CROWD)


@pytest.fixture
def wire(crowd: Threads) -> Wire:
    return Wire(crowd.stores.client)


def meeting[Answer](wire: Wire, act: Act[Answer]) -> Act[Answer]:
    """Return *act* in a world where the one with number n meets n mod 10 conflicts, if that is less than five."""

    def met(stores: Stores, number: int) -> Answer:
        conflicts = number % 10 if number % 10 < 5 else 0
        FIGURES["conflicts put in the way of transactions"] += conflicts
        with wire.meeting(Fate(conflicts=conflicts)):
            return act(stores, number)

    return met


def test_of_many_issues_to_one_address_one_is_opened_whatever_conflicts_it_meets(crowd: Threads, wire: Wire) -> None:
    """A6."""
    for _ in range(ROUNDS):
        first = new_challenge()
        issue = partial(acts.issue_another, first=first, address=first.key, limit=10**6)

        answers = Counter(map(type, crowd.at_once(meeting(wire, issue))))

        assert answers[Opened] == 1
        assert answers[Unavailable] == sum(number % 10 == 4 for number in range(CROWD))
        assert answers[RateLimited] == CROWD - answers[Opened] - answers[Unavailable]


def test_one_issue_repeated_by_all_is_one_challenge_whatever_conflicts_it_meets(crowd: Threads, wire: Wire) -> None:
    """A6."""
    for _ in range(ROUNDS):
        challenge = new_challenge()

        answers = crowd.at_once(meeting(wire, partial(acts.issue, challenge=challenge)))

        assert [answer.repeated for answer in answers if isinstance(answer, Opened)].count(False) == 1
        assert {answer.challenge for answer in answers if isinstance(answer, Opened)} == {challenge}


def test_a_guess_that_meets_a_resend_is_answered_truly_or_not_at_all(crowd: Threads, wire: Wire) -> None:
    """A3, A57: an update that meets a transaction is refused with a conflict of its own."""
    for _ in range(ROUNDS):
        challenge = opened(crowd.stores.challenges)

        answers = crowd.at_once(meeting(wire, partial(acts.resend_or_guess, challenge=challenge)))

        after = crowd.stores.challenges.find(challenge.key)
        assert after is not None
        assert answers.count(Verdict.ACCEPTED) == (after.consumed_by is not None) <= 1
        assert answers.count(None) == after.mails_asked - 1 <= 1
        assert len(after.tries) <= 1
