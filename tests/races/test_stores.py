"""The stores, raced on an engine that orders writes itself: nothing here waits for a lock of ours."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from otpost.challenge import Challenge, Verdict
from otpost.errors import Unavailable
from otpost.ports import NoMail, Opened
from otpost.window import RateLimited
from tests.contract.samples import new_challenge, opened
from tests.races import acts
from tests.races.crowd import Crowd, Processes, Threads, processes
from tests.races.engine import Place, Stores
from tests.races.figures import FIGURES

ROUNDS = 25


@pytest.fixture(scope="module")
def several(place: Place) -> Iterator[Processes]:
    with processes(place, count=4, threads=16) as crowd:
        yield crowd


@pytest.fixture(params=["threads", "processes"])
def crowd(request: pytest.FixtureRequest, stores: Stores) -> Iterator[Crowd]:
    """Return 64 who act at once, in one process or in four, and count afterwards what they met."""
    chosen: Crowd = Threads(stores, 64) if request.param == "threads" else request.getfixturevalue("several")
    chosen.conflicts.clear()
    yield chosen
    FIGURES["transaction conflicts that the engine itself announced"] += chosen.conflicts.total()


def rounds(crowd: Crowd) -> Iterator[int]:
    """Count the rounds, and those who act in them."""
    for number in range(ROUNDS):
        yield number
        FIGURES["rounds of races"] += 1
        FIGURES["requests in races"] += crowd.size


def standing(stores: Stores, challenge: Challenge) -> Challenge:
    found = stores.challenges.find(challenge.key)
    assert found is not None
    return found


def verdicts(answers: list[Any]) -> Counter[Verdict]:
    """Return how often each verdict was given; nobody may be left without one."""
    return Counter(answer.verdict for answer in answers)


def answered(answers: list[Any]) -> list[Any]:
    """Return the answers that came; those who met too many conflicts were told to come again, which is none."""
    silent = sum(isinstance(answer, Unavailable) for answer in answers)
    FIGURES["answered with 503: come again"] += silent
    return [answer for answer in answers if not isinstance(answer, Unavailable)]


def test_of_many_right_guesses_one_is_accepted(stores: Stores, crowd: Crowd) -> None:
    """A3."""
    for _ in rounds(crowd):
        challenge = opened(stores.challenges)

        answers = crowd.at_once(partial(acts.guess, challenge=challenge, right=1))

        assert verdicts(answers) == {Verdict.ACCEPTED: 1, Verdict.CONSUMED: crowd.size - 1}
        assert len(standing(stores, challenge).tries) == 1


def test_no_more_wrong_guesses_are_revealed_than_allowed(stores: Stores, crowd: Crowd) -> None:
    """A3."""
    for number in rounds(crowd):
        allowed = (1, 3, 5)[number % 3]
        challenge = opened(stores.challenges, attempts_allowed=allowed)

        answers = crowd.at_once(partial(acts.guess, challenge=challenge, right=0))

        assert verdicts(answers) == {Verdict.WRONG_CODE: allowed, Verdict.EXHAUSTED: crowd.size - allowed}
        assert len(standing(stores, challenge).tries) == allowed


def test_right_guesses_among_wrong_ones_reveal_no_more_than_the_limit(stores: Stores, crowd: Crowd) -> None:
    """A3."""
    for _ in rounds(crowd):
        challenge = opened(stores.challenges)

        told = verdicts(crowd.at_once(partial(acts.guess, challenge=challenge, right=8)))

        after = standing(stores, challenge)
        assert told[Verdict.ACCEPTED] == (after.consumed_by is not None) <= 1
        assert told[Verdict.ACCEPTED] + told[Verdict.WRONG_CODE] == len(after.tries) <= 5
        assert told.keys() <= {Verdict.ACCEPTED, Verdict.WRONG_CODE, Verdict.CONSUMED, Verdict.EXHAUSTED}


@pytest.mark.parametrize("right", [0, 1], ids=["wrong", "right"])
def test_one_attempt_repeated_by_all_is_one_attempt(stores: Stores, crowd: Crowd, right: int) -> None:
    """A3: whoever asks again hears the same, and the receipt of a success names one moment."""
    for _ in rounds(crowd):
        challenge = opened(stores.challenges)

        answers = crowd.at_once(partial(acts.guess, challenge=challenge, right=right, keyed=True))

        assert verdicts(answers) == {Verdict.ACCEPTED if right else Verdict.WRONG_CODE: crowd.size}
        assert {answer.challenge for answer in answers} == {standing(stores, challenge)}
        assert standing(stores, challenge).attempts_left == 4


def test_one_issue_repeated_by_all_is_one_challenge_and_one_mail(stores: Stores, crowd: Crowd) -> None:
    """A6."""
    for _ in rounds(crowd):
        challenge = new_challenge()

        answers = answered(crowd.at_once(partial(acts.issue, challenge=challenge)))

        assert [answer.repeated for answer in answers].count(False) == 1
        assert {answer.challenge for answer in answers} == {challenge} == {standing(stores, challenge)}


def test_of_many_issues_to_one_address_one_is_opened(stores: Stores, crowd: Crowd) -> None:
    """A6."""
    for _ in rounds(crowd):
        first = new_challenge()

        answers = answered(crowd.at_once(partial(acts.issue_another, first=first, address=first.key, limit=10**6)))

        assert Counter(map(type, answers))[Opened] == 1
        assert {type(answer) for answer in answers} <= {Opened, RateLimited}


def test_a_source_causes_no_more_mails_than_its_limit(stores: Stores, crowd: Crowd) -> None:
    """A6: addresses of their own, so that only the counter of the source is in dispute."""
    for _ in rounds(crowd):
        first = new_challenge()

        answers = answered(crowd.at_once(partial(acts.issue_another, first=first, source=first.key, limit=7)))

        assert Counter(map(type, answers))[Opened] <= 7
        assert {type(answer) for answer in answers} <= {Opened, RateLimited}
        refused = sum(isinstance(answer, RateLimited) for answer in answers)
        assert refused == 0 or Counter(map(type, answers))[Opened] == 7


def test_of_many_workers_one_has_the_lease(stores: Stores, crowd: Crowd) -> None:
    """A49."""
    for _ in rounds(crowd):
        challenge = opened(stores.challenges)

        answers = crowd.at_once(partial(acts.lease, challenge=challenge))

        assert answers.count(NoMail.HELD) == crowd.size - 1
        assert answers.count(challenge) == 1


def test_a_cancellation_and_a_success_exclude_each_other(stores: Stores, crowd: Crowd) -> None:
    """A3."""
    for _ in rounds(crowd):
        challenge = opened(stores.challenges)

        told = Counter(crowd.at_once(partial(acts.cancel_or_guess, challenge=challenge)))

        after = standing(stores, challenge)
        half = crowd.size // 2
        if after.consumed_by is None:
            assert told == {Verdict.CANCELLED: 2 * half}
        else:
            assert told == {Verdict.ACCEPTED: 1, Verdict.CONSUMED: 2 * half - 1}
        assert (after.consumed_at is None) != (after.cancelled_at is None)


def test_a_resend_and_a_success_never_undo_each_other(stores: Stores, crowd: Crowd) -> None:
    """A3: the resend is a transaction that touches what the guess writes."""
    for _ in rounds(crowd):
        challenge = opened(stores.challenges)

        told = Counter(map(str, answered(crowd.at_once(partial(acts.resend_or_guess, challenge=challenge)))))

        after = standing(stores, challenge)
        assert told[Verdict.ACCEPTED] == (after.consumed_by is not None) <= 1
        assert told["None"] == after.mails_asked - 1 <= 1
        assert len(after.tries) <= 1


def test_every_failure_of_a_streak_counts_and_counts_once(stores: Stores, crowd: Crowd) -> None:
    """A2."""
    for _ in rounds(crowd):
        identity = new_challenge().key

        crowd.at_once(partial(acts.fail, identity=identity))

        assert stores.identities.failures(identity) == crowd.size + 1
