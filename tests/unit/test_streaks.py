"""The failure streak of an identity: only a success ends it."""

from dataclasses import replace
from datetime import timedelta

from otpost.issuing import Issued
from otpost.verifying import Accepted
from otpost.window import Limit, RateLimited
from tests.contract.samples import NOW
from tests.unit.world import IDEMPOTENCY_KEY, POLICY, UNLIMITED, World, asking

SECOND = timedelta(seconds=1)


def unlimited() -> World:
    """Return a stack whose windows let ten mails a day to each address."""
    return replace(World(), policy=replace(POLICY, windows=UNLIMITED))


def test_the_streak_survives_resends_and_new_challenges() -> None:
    """A2: four wrong, a resend, a new challenge, ten times over: the count never falls."""
    world, counts = unlimited(), list[int]()
    for day in range(10):
        after = timedelta(days=2 * day)
        issued = world.issued(after=after, purpose="recovery")
        for number in range(2):
            world.guess(issued, world.wrong_code(issued, number), after=after)
            counts.append(world.failures())
        resent = world.issuing.resend(issued.challenge_id, source_ip=None, now=NOW + after + SECOND)
        assert isinstance(resent, Issued)
        counts.append(world.failures())
        for number in range(2, 4):
            world.guess(issued, world.wrong_code(issued, number), after=after + SECOND)
            counts.append(world.failures())

    assert counts == sorted(counts)
    assert counts[-1] == 5 * 4 + 5 * 3  # from 20 on there are three attempts a challenge


def test_a_streak_leads_from_six_digits_over_ten_to_none() -> None:
    """A2: NIST SP 800-63B-4 §3.1.3.2 allows 100 failures; here they end before."""
    world, lengths = unlimited(), list[int]()
    for day in range(100):
        answer = world.issuing.issue(asking(), now=NOW + timedelta(days=2 * day))
        if isinstance(answer, RateLimited):
            assert answer.limit is Limit.FAILURE_STREAK
            break
        lengths.append(answer.challenge.code_length)
        for number in range(answer.challenge.attempts_allowed):
            world.guess(answer, world.wrong_code(answer, number), after=timedelta(days=2 * day))

    assert lengths == [6] * 4 + [10] * 14
    assert 60 <= world.failures() < 100


def test_open_challenges_of_one_address_do_not_multiply_its_guesses() -> None:
    """A4: as many open challenges as the windows allow, all their guesses used: still below NIST's 100."""
    world = World()
    opened = [world.issued(purpose="recovery", after=number * timedelta(seconds=30)) for number in range(5)]
    opened += [
        world.issued(purpose="recovery", after=timedelta(hours=1, seconds=30 * number)) for number in range(1, 6)
    ]
    at = {issued.challenge.key: issued.challenge.issued_at - NOW for issued in opened}

    for issued in opened:
        for number in range(10):
            world.guess(issued, world.wrong_code(issued, number), after=at[issued.challenge.key])

    assert len(opened) == 10
    assert world.failures() == 50
    assert isinstance(world.issuing.issue(asking(), now=NOW + timedelta(hours=2)), RateLimited)


def test_a_success_ends_the_streak(world: World) -> None:
    world.fail(19)
    issued = world.issued()
    world.guess(issued, world.wrong_code(issued))
    assert world.failures() == 20

    world.accepted(issued)

    assert world.failures() == 0
    assert world.issued(after=timedelta(minutes=1)).challenge.code_length == 6


def test_a_success_ends_only_its_own_streak(world: World) -> None:
    world.fail(7, "eve@example.com")
    issued = world.issued()

    world.accepted(issued)

    assert world.failures("eve@example.com") == 7


def test_a_repeat_of_a_success_does_not_end_newer_failures(world: World) -> None:
    """A2: one old success must not wipe what came after it."""
    first = world.issued()
    world.accepted(first, idempotency_key=IDEMPOTENCY_KEY)
    second = world.issued(after=timedelta(seconds=30))
    for number in range(3):
        world.guess(second, world.wrong_code(second, number), after=timedelta(seconds=40))

    again = world.guess(first, world.code(first), after=timedelta(seconds=50), idempotency_key=IDEMPOTENCY_KEY)

    assert isinstance(again, Accepted)
    assert again.repeated
    assert world.failures() == 3


def test_a_later_success_ends_them(world: World) -> None:
    first = world.issued()
    world.accepted(first)
    second = world.issued(after=timedelta(seconds=30))
    world.guess(second, world.wrong_code(second), after=timedelta(seconds=40))

    world.accepted(second, after=timedelta(seconds=50))

    assert world.failures() == 0


def test_plus_tags_have_streaks_of_their_own(world: World) -> None:
    """A48: an alias is another identity, so its failures lock nobody else out."""
    issued = world.issued(email="ada+x@example.com")

    world.guess(issued, world.wrong_code(issued))

    assert (world.failures("ada+x@example.com"), world.failures("ada@example.com")) == (1, 0)


def test_refused_guesses_do_not_lengthen_the_streak(world: World) -> None:
    """A48: only guesses that could have been right count."""
    issued = world.issued()
    for number in range(5):
        world.guess(issued, world.wrong_code(issued, number))

    for number in range(5, 20):
        world.guess(issued, world.wrong_code(issued, number))
    world.guess(issued, world.wrong_code(issued), purpose="recovery")
    world.guess(issued, world.wrong_code(issued), after=timedelta(hours=1))

    assert world.failures() == 5
