"""Issue and verify as the functions run them, on the real stores: windows, ids, codes, attempts, streak and receipt."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest

from otpost.challenge import Verdict
from otpost.issuing import Issued
from otpost.verifying import Accepted
from otpost.window import RateLimited
from tests.contract.samples import MILLISECOND, NOW
from tests.races.crowd import Crowd, Processes, Threads, processes
from tests.races.engine import Place, Stores
from tests.races.figures import FIGURES
from tests.unit.world import World, asking

ROUNDS = 10


def world(stores: Stores) -> World:
    """Return a stack whose stores are real; keys and outbox are fakes, and codes the same in every process."""
    return World(challenges=stores.challenges, identities=stores.identities)  # type: ignore[arg-type]


def issue(stores: Stores, number: int, email: str, *, key: str | None) -> Issued | RateLimited:
    return world(stores).issuing.issue(asking(email=email, idempotency_key=key), now=NOW)


def verify(
    stores: Stores, number: int, issued: Issued, *, right: bool, key: str | None = None
) -> tuple[Verdict, bool, int]:
    """Guess, and return the verdict, whether an earlier request had it, and the attempts left.

    With *key* all make the same request; without, each makes a guess of its own.
    """
    stack = world(stores)
    code = stack.code(issued) if right else stack.wrong_code(issued, 0 if key else number)
    answer = stack.guess(issued, code, after=number * MILLISECOND, idempotency_key=key)
    verdict = Verdict.ACCEPTED if isinstance(answer, Accepted) else answer.verdict
    assert answer.challenge is not None
    return verdict, isinstance(answer, Accepted) and answer.repeated, answer.challenge.attempts_left


@pytest.fixture(scope="module")
def several(place: Place) -> Iterator[Processes]:
    with processes(place, count=2, threads=32) as crowd:
        yield crowd


@pytest.fixture(params=["threads", "processes"])
def crowd(request: pytest.FixtureRequest, stores: Stores) -> Crowd:
    return Threads(stores, 64) if request.param == "threads" else request.getfixturevalue("several")


def addresses(crowd: Crowd) -> Iterator[str]:
    for number in range(ROUNDS):
        yield f"claimant-{number}@example.com"
        FIGURES["rounds of races through the core"] += 1
        FIGURES["requests in races through the core"] += crowd.size


def test_right_guesses_are_accepted_once_and_end_the_streak(stores: Stores, crowd: Crowd) -> None:
    """A3."""
    stack = world(stores)
    for email in addresses(crowd):
        stack.fail(3, email)
        issued = stack.issued(email=email)

        told = Counter(crowd.at_once(partial(verify, issued=issued, right=True)))

        assert told == {(Verdict.ACCEPTED, False, 4): 1, (Verdict.CONSUMED, False, 4): crowd.size - 1}
        assert stack.failures(email) == 0


def test_wrong_guesses_are_revealed_up_to_the_limit_and_all_of_those_are_on_the_streak(
    stores: Stores, crowd: Crowd
) -> None:
    """A2, A3."""
    stack = world(stores)
    for email in addresses(crowd):
        issued = stack.issued(email=email)

        told = Counter(crowd.at_once(partial(verify, issued=issued, right=False)))

        judged = {(Verdict.WRONG_CODE, False, left): 1 for left in range(5)}
        assert told == judged | {(Verdict.EXHAUSTED, False, 0): crowd.size - 5}
        assert stack.failures(email) == 5


@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_one_request_sent_by_all_is_one_attempt_and_one_failure_at_most(
    stores: Stores, crowd: Crowd, *, right: bool
) -> None:
    """A2, A3."""
    stack = world(stores)
    for email in addresses(crowd):
        issued = stack.issued(email=email)

        told = crowd.at_once(partial(verify, issued=issued, right=right, key="the-same-key-for-all"))

        assert {verdict for verdict, _, _ in told} == {Verdict.ACCEPTED if right else Verdict.WRONG_CODE}
        assert {left for _, _, left in told} == {4}
        assert stack.failures(email) == (0 if right else 1)


@pytest.mark.parametrize("key", ["the-same-key-for-all", None], ids=["with a key", "without a key"])
def test_of_many_issues_to_one_address_one_makes_a_challenge(stores: Stores, crowd: Crowd, key: str | None) -> None:
    """A6: with one key all get the same one, without one they are told to wait."""
    for email in addresses(crowd):
        answers = crowd.at_once(partial(issue, email=email, key=key))

        made = [answer for answer in answers if isinstance(answer, Issued)]
        assert len({answer.challenge_id.token for answer in made}) == 1
        assert [answer.repeated for answer in made].count(False) == 1
        assert len(made) == (crowd.size if key else 1)
