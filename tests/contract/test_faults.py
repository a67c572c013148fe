"""A57: every call of every adapter, met by every way of not answering, is `Unavailable` and never anything else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.client import BaseClient

from otpost.aws import clients
from otpost.aws.challenges import DynamoChallenges
from otpost.aws.conversion import to_item
from otpost.aws.identities import DynamoIdentities
from otpost.aws.keys import KmsCodeKeys, KmsIdentityKey
from otpost.aws.mailer import SesMailer
from otpost.aws.outbox import SqsOutbox
from otpost.aws.signer import KmsSigner
from otpost.aws.transactions import Transactions
from otpost.errors import Unavailable
from otpost.ports import Sending
from tests.backends import faults
from tests.backends.account import CHALLENGES, CONFIGURATION_SET, IDENTITIES, SENDER, Account
from tests.backends.wire import Fault
from tests.contract.samples import HASH, NOW, PURPOSE, attempt, draw, new_challenge, opened

STANDING = new_challenge()

TRIES = {"sesv2.SendEmail": 1}  # SES cannot tell a repeat from a second mail

type Act = Callable[[Account], object]


def store() -> DynamoChallenges:
    client = clients.dynamodb()
    return DynamoChallenges(client, CHALLENGES, transactions=Transactions(client, sleep=lambda _: None))


def streaks() -> DynamoIdentities:
    return DynamoIdentities(clients.dynamodb(), IDENTITIES)


def mailer() -> SesMailer:
    return SesMailer(clients.ses(), sender=SENDER, configuration_set=CONFIGURATION_SET)


def open_one(_: Account) -> object:
    challenge = new_challenge()
    return store().open(
        challenge, siblings=frozenset({new_challenge().key}), draw=draw(address=challenge.key, source="s"), now=NOW
    )


def spend(_: Account, *, correct: bool) -> object:
    return store().spend_attempt(
        STANDING.key, attempt_id=attempt("a"), correct=correct, purpose=PURPOSE, transaction_hash=HASH, now=NOW
    )


WRITES: dict[str, Act] = {
    "ChallengeStore.open": open_one,
    "ChallengeStore.ask_again": lambda _: store().ask_again(STANDING, draw=draw(), now=NOW),
    "ChallengeStore.spend_attempt right": lambda account: spend(account, correct=True),
    "ChallengeStore.spend_attempt wrong": lambda account: spend(account, correct=False),
    "ChallengeStore.cancel": lambda _: store().cancel(STANDING.key, now=NOW),
    "ChallengeStore.lease_mail": lambda _: store().lease_mail(
        STANDING.key, lease_id=b"lease", until=NOW + timedelta(seconds=9), now=NOW
    ),
    "ChallengeStore.give_back": lambda _: store().give_back(STANDING.key, lease_id=b"lease"),
    "ChallengeStore.record_sent": lambda _: store().record_sent(STANDING.key, mails=1),
    "ChallengeStore.record_undeliverable": lambda _: store().record_undeliverable(STANDING.key, mails=1),
    "IdentityStore.add_failure": lambda _: streaks().add_failure("i", attempt_id=attempt("a")),
    "IdentityStore.record_success": lambda _: streaks().record_success("i", verified_at=NOW),
}
READS: dict[str, Act] = {
    "ChallengeStore.find": lambda _: store().find(STANDING.key),
    "IdentityStore.failures": lambda _: streaks().failures("i"),
}
SENDS: dict[str, Act] = {
    "Outbox.put": lambda account: SqsOutbox(clients.sqs(), account.queue_url).put("an id"),
    "Mailer.send": lambda _: mailer().send(b"mime", to="ada@example.com", key=STANDING.key),
}
KEYS: dict[str, Act] = {
    "CodeKeys.hour_key": lambda account: KmsCodeKeys(clients.kms(), account.keys.code).hour_key(7),
    "IdentityKey.key": lambda account: KmsIdentityKey(clients.kms(), account.keys.identity).key(),
    "Signer.sign": lambda account: KmsSigner(clients.kms(), account.keys.signing).sign(b"data"),
    "Signer.public_jwk": lambda account: KmsSigner(clients.kms(), account.keys.signing).public_jwk(),
}
ALL = WRITES | READS | SENDS | KEYS
ANSWERED_BY_MEMBERS = {
    name: act
    for name, act in (WRITES | SENDS | KEYS).items()
    if name not in {"ChallengeStore.open", "ChallengeStore.ask_again"}
}


UNAVAILABLE = [
    pytest.param(act, fault, id=f"{name}-{way}")
    for name, act in ALL.items()
    for way, fault in faults.UNANSWERED.items()
    if name != "Mailer.send" or fault not in faults.REFUSALS  # a refusal of SES is an answer: it sent nothing
]


def named(cases: dict[str, Act]) -> pytest.MarkDecorator:
    """Parametrize by the names of *cases*."""
    return pytest.mark.parametrize("act", list(cases.values()), ids=list(cases))


@pytest.fixture
def standing(account: Account) -> None:
    """Put the challenge that the calls are about."""
    account.put(CHALLENGES, to_item(STANDING).serialize())


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(("act", "fault"), UNAVAILABLE)
def test_a_call_without_an_answer_is_unavailable(account: Account, act: Act, fault: Fault) -> None:
    before = account.items()

    with account.wire.failing("*", fault), pytest.raises(Unavailable):
        act(account)

    assert account.items() == before
    assert account.queued() == []
    assert account.mails() == []


@pytest.mark.usefixtures("standing")
@named(ALL)
def test_without_a_fault_the_same_call_succeeds(account: Account, act: Act) -> None:
    """The table above proves something only if its calls work when AWS does."""
    act(account)


@pytest.mark.usefixtures("standing")
@named(ANSWERED_BY_MEMBERS)
def test_an_answer_without_the_member_that_it_must_have_is_unavailable(account: Account, act: Act) -> None:
    with account.wire.failing("*", faults.replied(b"{}")), pytest.raises(Unavailable):
        act(account)


@pytest.mark.usefixtures("standing")
@named(ALL)
def test_a_call_that_fails_once_is_tried_again_unless_it_sends_a_mail(account: Account, act: Act) -> None:
    with account.wire.failing("*", faults.times(1, faults.throttled)), account.wire.watched() as calls:
        act(account)

    assert len(calls) == TRIES.get(calls[0], 2)
    assert len(set(calls)) == 1


@named(ALL)
def test_a_call_that_hangs_is_given_up_after_two_tries_and_a_mail_after_one(account: Account, act: Act) -> None:
    """So a request ends within its function's timeout: two tries of at most four seconds each call."""
    with account.wire.failing("*", faults.read_timeout), account.wire.watched() as calls, pytest.raises(Unavailable):
        act(account)

    assert len(calls) == TRIES.get(calls[0], 2)


@pytest.mark.parametrize(
    "code",
    [
        "AccountSuspendedException",
        "SendingPausedException",
        "MailFromDomainNotVerifiedException",
        "LimitExceededException",
        "TooManyRequestsException",
        "NotFoundException",
    ],
)
def test_what_ses_says_of_the_account_is_no_refusal_of_the_mail(account: Account, code: str) -> None:
    """It was certainly not sent, and stays owed: it is tried again within the life of its code."""
    with account.wire.failing("sesv2", faults.refused(code)):
        said = mailer().send(b"mime", to="ada@example.com", key=STANDING.key)

    assert said is Sending.DEFERRED


@pytest.mark.parametrize("fault", faults.REFUSALS)
def test_a_refusal_that_is_not_about_the_mail_defers_it(account: Account, fault: Fault) -> None:
    with account.wire.failing("sesv2", fault):
        assert mailer().send(b"mime", to="ada@example.com", key=STANDING.key) is Sending.DEFERRED


def test_an_unverified_sender_is_said_of_us_though_ses_calls_it_a_rejected_message(account: Account) -> None:
    message = "Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: x"
    with account.wire.failing("sesv2", faults.refused("MessageRejected", message=message)):
        assert mailer().send(b"mime", to="ada@example.com", key=STANDING.key) is Sending.DEFERRED


def test_no_message_of_an_error_tells_what_was_sent(account: Account) -> None:
    """A58: messages are fixed texts."""
    challenge = opened(store())
    with account.wire.failing("*", faults.forbidden), pytest.raises(Unavailable) as caught:
        store().find(challenge.key)

    assert str(caught.value) == "DynamoDB did not answer."


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("make", [clients.dynamodb, clients.kms, clients.sqs, clients.ses])
def test_a_try_takes_at_most_four_seconds(make: Callable[[], BaseClient]) -> None:
    """Two tries of every call of a request still fit into its function's timeout and API Gateway's 30 s."""
    config: Any = make().meta.config

    assert config.connect_timeout + config.read_timeout <= 4


@named(READS)
def test_reads_see_the_last_write(account: Account, act: Act) -> None:
    """A2, A57: a read that lags behind would forget failures."""
    act(account)

    assert account.wire.calls[-1].parameters["ConsistentRead"] is True
