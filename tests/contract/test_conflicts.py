"""Transactions that meet others: a conflict is no refusal, and no reason for being refused is lost in one.

moto never raises TransactionConflict, so these answers are made by hand, in the form of DynamoDB's own.
"""

from collections.abc import Callable
from typing import Any

import pytest

from otpost.aws import clients
from otpost.aws.challenges import DynamoChallenges
from otpost.aws.transactions import Transactions
from otpost.challenge import Challenge, Verdict
from otpost.errors import Unavailable
from otpost.ports import Opened
from otpost.window import Limit, RateLimited
from tests.backends import faults
from tests.backends.account import CHALLENGES, Account
from tests.contract.samples import HASH, NOW, PURPOSE, draw, new_challenge, opened

type Act = Callable[[DynamoChallenges, Challenge], object]

CONFLICT = faults.cancelled(["TransactionConflict", "None", "None"])


@pytest.fixture
def pauses() -> list[float]:
    """Return the pauses between tries, in seconds."""
    return []


@pytest.fixture
def patient(account: Account, pauses: list[float]) -> DynamoChallenges:
    """Return the store; it notes its pauses instead of making them."""
    client = clients.dynamodb()
    return DynamoChallenges(client, CHALLENGES, transactions=Transactions(client, sleep=pauses.append))


def open_one(store: DynamoChallenges, challenge: Challenge) -> object:
    return store.open(challenge, siblings=frozenset(), draw=draw(address=challenge.key), now=NOW)


def ask_again(store: DynamoChallenges, challenge: Challenge) -> object:
    return store.ask_again(challenge, draw=draw(address="b"), now=NOW)


@pytest.mark.parametrize("conflicts", [0, 1, 2, 3])
def test_when_the_conflict_ends_the_challenge_is_opened(
    account: Account, patient: DynamoChallenges, pauses: list[float], conflicts: int
) -> None:
    challenge = new_challenge()

    with account.wire.failing("dynamodb.TransactWriteItems", faults.times(conflicts, CONFLICT)):
        answer = open_one(patient, challenge)

    assert answer == Opened(challenge=challenge, repeated=False)
    assert patient.find(challenge.key) == challenge
    assert len(pauses) == conflicts


def test_a_conflict_that_does_not_end_is_unavailable_after_three_more_tries(
    account: Account, patient: DynamoChallenges, pauses: list[float]
) -> None:
    with (
        account.wire.failing("dynamodb.TransactWriteItems", CONFLICT),
        account.wire.watched() as calls,
        pytest.raises(Unavailable),
    ):
        open_one(patient, new_challenge())

    assert calls == ["dynamodb.TransactWriteItems"] * 4
    assert account.items() == []
    assert len(pauses) == 3
    assert all(0 < pause < 0.25 for pause in pauses)  # four tries of a conflict cost well under a second


def test_the_pauses_grow_and_are_at_least_half_as_long_as_they_can_be(
    account: Account, patient: DynamoChallenges, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda _: 0)

    with account.wire.failing("dynamodb.TransactWriteItems", CONFLICT), pytest.raises(Unavailable):
        open_one(patient, new_challenge())

    assert pauses == pytest.approx([0.025, 0.05, 0.075])


def test_the_old_item_is_asked_for_in_the_words_of_dynamodb(account: Account, patient: DynamoChallenges) -> None:
    """moto takes other spellings, too."""
    open_one(patient, new_challenge())

    (parts,) = (call.parameters["TransactItems"] for call in account.wire.calls[-1:])
    wanted = {action.get("ReturnValuesOnConditionCheckFailure") for part in parts for action in part.values()}
    assert wanted == {"ALL_OLD"}


def test_each_try_is_a_transaction_of_its_own(account: Account, patient: DynamoChallenges) -> None:
    """A token that came again would get the answer of the cancelled try again."""
    with account.wire.failing("*", faults.times(2, CONFLICT)):
        open_one(patient, new_challenge())

    tokens = [call.parameters["ClientRequestToken"] for call in account.wire.calls[-3:]]
    assert len(set(tokens)) == 3


def test_a_resend_waits_for_conflicts_too(account: Account, patient: DynamoChallenges) -> None:
    challenge = opened(patient)

    with account.wire.failing("*", faults.times(3, CONFLICT)):
        answer = ask_again(patient, challenge)

    assert answer is None


def test_challenge_exists_outranks_a_conflict(account: Account, patient: DynamoChallenges) -> None:
    challenge = opened(patient)
    standing = account.items(CHALLENGES)
    item = next(item for item in standing if item["pk"]["S"].startswith("challenge#"))
    exists = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed", "Item": item}
    fault = faults.cancelled([exists, "TransactionConflict", "None"])

    with account.wire.failing("dynamodb.TransactWriteItems", fault), account.wire.watched() as calls:
        answer = open_one(patient, challenge)

    assert answer == Opened(challenge=challenge, repeated=True)
    assert len(calls) == 1


def test_why_a_challenge_is_over_outranks_a_conflict(account: Account, patient: DynamoChallenges) -> None:
    challenge = opened(patient)
    patient.cancel(challenge.key, now=NOW)
    item = next(item for item in account.items(CHALLENGES) if item["pk"]["S"].startswith("challenge#"))
    over = {"Code": "ConditionalCheckFailed", "Item": item}
    fault = faults.cancelled([over, "TransactionConflict", "TransactionConflict"])

    with account.wire.failing("dynamodb.TransactWriteItems", fault):
        assert ask_again(patient, challenge) is Verdict.CANCELLED


def test_a_full_window_beside_a_conflict_is_tried_again(account: Account, patient: DynamoChallenges) -> None:
    """The part in conflict may be "challenge exists", which outranks the window."""
    challenge = opened(patient)
    fault = faults.cancelled(["TransactionConflict", {"Code": "ConditionalCheckFailed"}, "None"])

    with account.wire.failing("dynamodb.TransactWriteItems", faults.times(1, fault)):
        answer = open_one(patient, challenge)

    assert answer == Opened(challenge=challenge, repeated=True)


def test_a_window_that_stays_full_is_told_when_the_conflict_ends(account: Account, patient: DynamoChallenges) -> None:
    opened(patient)
    taking = draw(address="full")
    patient.open(new_challenge(), siblings=frozenset(), draw=taking, now=NOW)

    with account.wire.failing("dynamodb.TransactWriteItems", faults.times(2, CONFLICT)):
        answer = patient.open(new_challenge(), siblings=frozenset(), draw=taking, now=NOW)

    assert isinstance(answer, RateLimited)
    assert answer.limit is Limit.ADDRESS_INTERVAL


@pytest.mark.parametrize(
    "reasons",
    [
        ["ThrottlingError", "None", "None"],
        ["ProvisionedThroughputExceeded", "None", "None"],
        ["ValidationError", "None", "None"],
        ["ItemCollectionSizeLimitExceeded", "None", "None"],
        ["ConditionalCheckFailed", "ThrottlingError", "None"],
        ["TransactionConflict", "ThrottlingError", "None"],
        ["SomethingNew", "None", "None"],
        [],
        ["None", "None", "None"],
        [{}, {}, {}],
    ],
    ids=lambda reasons: ",".join(str(reason) for reason in reasons) or "none",
)
@pytest.mark.parametrize("act", [open_one, ask_again])
def test_a_cancellation_that_explains_nothing_is_unavailable(
    account: Account, patient: DynamoChallenges, reasons: list[Any], act: Act
) -> None:
    """A57: no challenge may seem opened and no mail asked for when nothing was written."""
    challenge = new_challenge()

    with account.wire.failing("dynamodb.TransactWriteItems", faults.cancelled(reasons)), pytest.raises(Unavailable):
        act(patient, challenge)

    assert account.items() == []


@pytest.mark.parametrize("item", [{}, {"Item": {}}], ids=["absent", "empty"])
def test_a_standing_challenge_that_is_not_returned_is_unavailable(
    account: Account, patient: DynamoChallenges, item: dict[str, Any]
) -> None:
    """A57: nothing was written, so nothing may seem opened."""
    fault = faults.cancelled([{"Code": "ConditionalCheckFailed"} | item, "None", "None"])

    with account.wire.failing("dynamodb.TransactWriteItems", fault), pytest.raises(Unavailable):
        open_one(patient, new_challenge())


@pytest.mark.parametrize("item", [{}, {"Item": {"pk": {"S": "address#b"}, "remove_after": {"N": "0"}}}])
def test_a_window_that_refuses_without_a_reason_is_unavailable(
    account: Account, patient: DynamoChallenges, item: dict[str, Any]
) -> None:
    """A57: when the table and the rules disagree, nobody gets a mail and nobody is told a made-up wait."""
    fault = faults.cancelled(["None", {"Code": "ConditionalCheckFailed"} | item, "None"])

    with account.wire.failing("dynamodb.TransactWriteItems", fault), pytest.raises(Unavailable):
        open_one(patient, new_challenge())


@pytest.mark.parametrize("correct", [True, False])
def test_a_guess_refused_without_a_reason_is_unavailable(
    account: Account, patient: DynamoChallenges, *, correct: bool
) -> None:
    """A57: the old item would have allowed the write; then nothing may be said about the guess."""
    challenge = opened(patient)
    item = next(item for item in account.items(CHALLENGES) if item["pk"]["S"].startswith("challenge#"))
    fault = faults.refused("ConditionalCheckFailedException", Item=item)

    with account.wire.failing("dynamodb.UpdateItem", fault), pytest.raises(Unavailable):
        patient.spend_attempt(
            challenge.key, attempt_id=b"1" * 16, correct=correct, purpose=PURPOSE, transaction_hash=HASH, now=NOW
        )


@pytest.mark.parametrize("code", ["TransactionInProgressException", "IdempotentParameterMismatchException"])
def test_what_else_a_transaction_can_answer_is_unavailable(
    account: Account, patient: DynamoChallenges, code: str
) -> None:
    with account.wire.failing("dynamodb.TransactWriteItems", faults.refused(code)), pytest.raises(Unavailable):
        open_one(patient, new_challenge())


def test_a_single_write_in_conflict_with_a_transaction_is_unavailable(
    account: Account, patient: DynamoChallenges
) -> None:
    """A guess that meets a resend may get this; it spent nothing, so the same request may come again."""
    challenge = opened(patient)

    conflict = faults.refused("TransactionConflictException")
    with account.wire.failing("dynamodb.UpdateItem", conflict), pytest.raises(Unavailable):
        patient.cancel(challenge.key, now=NOW)

    assert patient.find(challenge.key) == challenge
