"""The scene of every cell: one account and one set of warm functions for all of them."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.backends.account import Account, open_account
from tests.faults.scene import Scene
from tests.functional.events import NOW
from tests.functional.stack import Stack, wrong


@pytest.fixture(scope="session")
def account() -> Iterator[Account]:
    """Yield an account."""
    with open_account() as account:
        yield account


@pytest.fixture(scope="session")
def warm(account: Account) -> Stack:
    """Return functions that have every key of theirs in memory."""
    with time_machine.travel(NOW, tick=False):
        stack = Stack(account)
        challenge_id, code = stack.mailed()
        assert stack.verify(challenge_id, wrong(code)).status == 401
    return stack


@pytest.fixture
def scene(account: Account, warm: Stack) -> Iterator[Scene]:
    """Yield a scene on which nothing has happened."""
    with time_machine.travel(NOW, tick=False) as clock:
        scene = Scene(account=account, warm=warm, clock=clock)
        scene.begin()
        yield scene
