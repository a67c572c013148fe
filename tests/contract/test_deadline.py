"""No try begins that could not end before the function does: a call out of time is `Unavailable`, a mail deferred."""

from collections.abc import Callable

import pytest
from botocore.awsrequest import AWSResponse

from otpost.aws import clients, deadline
from otpost.aws.keys import KmsIdentityKey
from otpost.aws.mailer import SesMailer
from otpost.aws.outbox import SqsOutbox
from otpost.errors import Unavailable
from otpost.ports import Sending
from tests.backends import faults
from tests.backends.account import CONFIGURATION_SET, SENDER, Account
from tests.backends.wire import Call, Fault, Forward
from tests.contract.samples import new_challenge

TRY, ANSWER = 4.0, 1.0
"""Seconds: what a try can take, and what is kept for the answer."""


def left(*seconds: float) -> Callable[[], float]:
    """Return a clock of Lambda's that says these, one after another, the last one for ever."""
    rest = list(seconds)
    return lambda: 1000 * (rest.pop(0) if len(rest) > 1 else rest[0])


def identity_key(account: Account) -> bytes:
    return KmsIdentityKey(clients.kms(), account.keys.identity).key()


def send(account: Account) -> Sending:
    mailer = SesMailer(clients.ses(), sender=SENDER, configuration_set=CONFIGURATION_SET)
    return mailer.send(b"To: ada@example.com\r\n\r\nHello", to="ada@example.com", key=new_challenge().key)


def test_a_call_that_could_not_end_in_time_is_not_made(account: Account) -> None:
    """A57."""
    with deadline.until(left(TRY + ANSWER)):
        identity_key(account)
    with deadline.until(left(TRY + ANSWER - 0.001)), account.wire.watched() as calls, pytest.raises(Unavailable):
        identity_key(account)

    assert calls == []


@pytest.mark.parametrize(
    ("fault", "pause"),
    [
        (faults.read_timeout, 1.0),
        (faults.throttled, 1.0),
        (faults.refused("ThrottlingException", headers={"x-amz-retry-after": "60000"}), 6.0),
    ],
)
def test_a_second_try_is_made_only_if_it_could_end_in_time_even_after_the_longest_pause(
    account: Account, fault: Fault, pause: float
) -> None:
    enough = pause + TRY + ANSWER
    with deadline.until(left(30, enough)), account.wire.failing("kms", faults.times(1, fault)):
        identity_key(account)
    with (
        deadline.until(left(30, enough - 0.001)),
        account.wire.failing("kms", fault),
        account.wire.watched() as calls,
        pytest.raises(Unavailable),
    ):
        identity_key(account)

    assert len(calls) == 1


def test_a_mail_that_could_not_be_recorded_in_time_is_not_handed_over(account: Account) -> None:
    """A49: it would be sent again. It was certainly not sent, so it is deferred and counts for nothing."""
    with deadline.until(left(2 * TRY + ANSWER - 0.001)), account.wire.watched() as calls:
        deferred = send(account)
    with deadline.until(left(2 * TRY + ANSWER)):
        sent = send(account)

    assert calls == []
    assert (deferred, sent) == (Sending.DEFERRED, Sending.SENT)


def test_a_client_used_outside_of_a_request_has_all_the_time(account: Account) -> None:
    with deadline.until(left(0)):
        pass
    identity_key(account)


def test_what_is_left_is_asked_anew_before_each_call(account: Account) -> None:
    outbox = SqsOutbox(clients.sqs(), account.queue_url)
    seconds = 10.0

    def slow(call: Call, forward: Forward) -> AWSResponse:
        nonlocal seconds
        seconds -= 3
        return forward()

    with deadline.until(lambda: 1000 * seconds), account.wire.failing("sqs", slow):
        outbox.put("an id")
        outbox.put("an id")
        with pytest.raises(Unavailable):
            outbox.put("an id")

    assert len(account.queued()) == 2
