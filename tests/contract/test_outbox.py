"""Outbox: challenge ids on their way to delivery, and nothing beside them."""

from collections.abc import Callable

import pytest

from otpost.aws import clients
from otpost.aws.outbox import SqsOutbox
from otpost.ports import Outbox
from tests.backends.account import Account
from tests.fakes.mail import MemoryOutbox

type Queued = Callable[[], list[str]]


@pytest.fixture
def sqs(account: Account) -> tuple[Outbox, Queued]:
    """Return the real outbox, and a look into its queue."""
    return SqsOutbox(clients.sqs(), account.queue_url), account.queued


@pytest.fixture(params=["memory", "sqs"])
def outbox(request: pytest.FixtureRequest) -> tuple[Outbox, Queued]:
    """Return an empty outbox, and a look into it."""
    if request.param == "memory":
        memory = MemoryOutbox()
        return memory, lambda: memory.tokens
    found: tuple[Outbox, Queued] = request.getfixturevalue("sqs")
    return found


def test_what_is_put_is_queued_as_it_is(outbox: tuple[Outbox, Queued]) -> None:
    box, queued = outbox

    box.put("AQYAB4xxDGV1LWNlbnRyYWwtMQ-_")

    assert queued() == ["AQYAB4xxDGV1LWNlbnRyYWwtMQ-_"]


def test_the_same_id_may_be_put_again(outbox: tuple[Outbox, Queued]) -> None:
    """At least once: a repeated issue asks again for a mail that may have got lost."""
    box, queued = outbox

    for token in ("one", "two", "one"):
        box.put(token)

    assert sorted(queued()) == ["one", "one", "two"]


def test_a_message_is_the_id_and_nothing_else(account: Account) -> None:
    """A16: no address, no purpose, no attribute."""
    SqsOutbox(clients.sqs(), account.queue_url).put("an id")

    assert account.wire.calls[-1].parameters == {"QueueUrl": account.queue_url, "MessageBody": "an id"}
