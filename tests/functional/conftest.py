"""The handlers themselves, on moto, at a time that stands still until a test moves it."""

import logging
from collections.abc import Iterator

import pytest
import time_machine

from otpost.settings import CallerMode
from tests.backends.account import Account, open_account
from tests.functional.events import NOW
from tests.functional.stack import Stack
from tests.functional.story import Story


@pytest.fixture(scope="module")
def _account() -> Iterator[Account]:
    with open_account() as account:
        yield account


@pytest.fixture(scope="module")
def _browser(_account: Account) -> Stack:
    return Stack(_account)


@pytest.fixture(scope="module")
def _backend(_account: Account) -> Stack:
    return Stack(_account, CallerMode.BACKEND)


@pytest.fixture
def account(_account: Account) -> Account:
    """Return the account, with empty tables, queue and outgoing mail."""
    _account.clear()
    return _account


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Return a clock that stands at NOW; `shift` and `move_to` move it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def stack(account: Account, clock: time_machine.Traveller, _browser: Stack) -> Stack:
    """Return the functions in browser mode."""
    return _wound_back(_browser)


@pytest.fixture
def backend(account: Account, clock: time_machine.Traveller, _backend: Stack) -> Stack:
    """Return the functions in backend mode."""
    return _wound_back(_backend)


@pytest.fixture(scope="module")
def story(_account: Account, _browser: Stack) -> Story:
    """Tell the story once, with every logger at DEBUG, as a root handler of the Lambda runtime writes it."""
    root, handler = logging.getLogger(), logging.StreamHandler(_browser.tape)
    handler.addFilter(lambda record: not record.name.startswith("moto"))  # the other side of the wire
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with time_machine.travel(NOW, tick=False) as clock:
            _account.clear()
            told = Story(_wound_back(_browser), clock)
            told.tell()
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    return told


def _wound_back(stack: Stack) -> Stack:
    stack.tape.seek(0)
    stack.tape.truncate()
    return stack
