"""However slow AWS is, a function answers before Lambda ends it, and leaves nothing that a retry cannot complete."""

from types import SimpleNamespace

import pytest

from tests.backends.account import Account
from tests.backends.wire import Wire
from tests.faults.invariants import Seen, violations
from tests.faults.kept import kept
from tests.faults.patience import GATEWAY_SECONDS, SCHEDULES, Falling, SlowWorld
from tests.faults.rows import Path
from tests.faults.scene import Request, Scene
from tests.faults.table import TABLE
from tests.functional.stack import Context, Stack
from tests.template.stacks import built, written

TEMPLATE = built(written())
LONG = "issue, again with its key, identity locked since"  # a read for each id under which it may stand
PATHS = [path for path in TABLE if path.rows and (not path.briefly or path.title == LONG)]


def timeout(function: str) -> float:
    """Return after how many seconds Lambda ends a function."""
    return float(TEMPLATE.properties(f"{function.capitalize()}Function")["Timeout"])


@pytest.fixture(scope="module")
def functions(account: Account) -> Stack:
    """Return functions for this module alone."""
    return Stack(account)


@pytest.fixture
def cold(scene: Scene, functions: Stack) -> Stack:
    """Return functions that have no key in memory, so that they make every call."""
    forget_keys(functions)
    return functions


def slowly(world: SlowWorld, stack: Stack, request: Request, wire: Wire, context: Context) -> str:
    """Return what *request* is answered in *world*."""
    stack.context = context
    with wire.failing("*", world), pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=world.sleep))
        return request(stack)


def forget_keys(stack: Stack) -> None:
    """Let every function ask KMS anew, as a cold one does."""
    stack._apps["issue"]._issuing.identity_key._key = None
    for app, name in (("verify", "_verifying"), ("deliver", "_delivering")):
        getattr(stack._apps[app], name).code_keys._hour_keys.clear()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.title)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_slow_world_is_answered_in_time_and_harms_nothing(
    path: Path, schedule: str, scene: Scene, cold: Stack
) -> None:
    """A57: from the first call on, and from each later one on, when the ones before were fast."""
    request = path.arrange(scene)
    restore = scene.account.snapshot()
    start, fast, tries = kept(scene.account), 0, 1
    while fast < tries:
        restore()
        forget_keys(cold)
        cold.answers.clear()
        world = SlowWorld(ways=SCHEDULES[schedule], fast=fast)
        limit = timeout(path.function)
        answer = slowly(world, cold, request, scene.account.wire, Falling(timeout=limit, world=world))
        now = kept(scene.account)
        seen = Seen(account=scene.account, answers=cold.answers, guess=scene.guess, more=now - start, now=now)

        assert world.elapsed < min(limit, GATEWAY_SECONDS)
        assert answer in {path.answer, path.unavailable}
        assert violations(seen) == []
        fast, tries = fast + 1, world.tries
    scene.end()


def test_the_clients_patience_alone_would_not_keep_it(scene: Scene, cold: Stack) -> None:
    """So the test above can fail: with all the time in the world, an issue takes longer than its function may."""
    request = TABLE[0].arrange(scene)
    world = SlowWorld(ways=SCHEDULES["every second try answers, late"])

    answer = slowly(world, cold, request, scene.account.wire, Context(remaining=10**9))

    assert answer == "202"
    assert world.elapsed > GATEWAY_SECONDS


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("fast", [0, 3, 7])
def test_a_slow_batch_comes_to_its_end_and_each_of_its_mails_too(
    schedule: str, fast: int, scene: Scene, cold: Stack
) -> None:
    """A49: five messages, fifteen seconds. What there was no time for comes again."""
    people = [f"person{number}@example.com" for number in range(5)]
    ids = [scene.warm.issue(person).body["challenge_id"] for person in people]
    world = SlowWorld(ways=SCHEDULES[schedule], fast=fast)
    left: list[str] = []

    def batch(stack: Stack) -> str:
        left.extend(stack.deliver(*ids))
        return ""

    slowly(world, cold, batch, scene.account.wire, Falling(timeout=timeout("deliver"), world=world))
    at_once = kept(scene.account)
    scene.clock.shift(90)
    scene.warm.deliver(*left)

    assert world.elapsed < timeout("deliver")
    assert schedule != next(iter(SCHEDULES)) or at_once.mails == at_once.recorded  # none was handed over too late
    assert kept(scene.account).recorded == 5
    assert kept(scene.account).mails <= 10
