"""What is at rest: the attributes of every item, by allow-list (A17)."""

from datetime import timedelta
from typing import Any

import pytest
from pynamodb.models import Model

from otpost.aws.challenges import DynamoChallenges
from otpost.aws.identities import DynamoIdentities
from otpost.aws.items import AddressWindowItem, ChallengeItem, CounterItem, IdentityItem
from otpost.challenge import Challenge
from tests.backends.account import CHALLENGES, IDENTITIES, Account, Item
from tests.contract.samples import MAXIMUM, NOW, PURPOSE, attempt, draw, new_challenge

CHALLENGE = {
    "pk": "S",
    "remove_after": "N",
    "email": "S",
    "identity": "S",
    "window": "S",
    "purpose": "S",
    "transaction": "S",
    "transaction_hash": "S",
    "nonce": "S",
    "locale": "S",
    "code_length": "N",
    "attempts_allowed": "N",
    "issued_at": "N",
    "life_seconds": "N",
    "expires_at": "N",
    "latest": "N",
    "resend_at": "N",
    "tries": "BS",
    "consumed_by": "B",
    "consumed_at": "N",
    "cancelled_at": "N",
    "mails_asked": "N",
    "mails_sent": "N",
    "lease_until": "N",
    "lease_by": "B",
    "sends": "BS",
    "sends_allowed": "N",
    "delivery": "S",
}
ADDRESS_WINDOW = {"pk": "S", "remove_after": "N"} | {f"sent_{position}": "N" for position in range(10)}
COUNTER = {"pk": "S", "remove_after": "N", "mails": "N"}
IDENTITY = {"pk": "S", "failures": "BS", "last_verified_at": "N"}
LATER = NOW + timedelta(seconds=60)


def types(item: Item) -> dict[str, str]:
    """Return the DynamoDB type of each attribute."""
    return {name: next(iter(value)) for name, value in item.items()}


def kind(item: Item) -> str:
    """Return what comes before the first # of the key."""
    return str(item["pk"]["S"].partition("#")[0])


@pytest.fixture
def lived(account: Account, challenges: DynamoChallenges, identities: DynamoIdentities) -> list[Challenge]:
    """Let challenges live through everything that can happen to one."""
    consumed, cancelled, plain = (
        new_challenge(transaction={"payee": "Eve"}, transaction_hash="0" * 64, nonce="n", locale="en"),
        new_challenge(),
        new_challenge(),
    )
    for at, challenge in enumerate((consumed, cancelled, plain)):
        challenges.open(challenge, siblings=frozenset(), draw=draw(address=f"a{at}", source="5" * 64), now=NOW)
    for name, correct in (("wrong", False), ("right", True)):
        challenges.spend_attempt(
            consumed.key, attempt_id=attempt(name), correct=correct, purpose=PURPOSE, transaction_hash="0" * 64, now=NOW
        )
    challenges.cancel(cancelled.key, now=NOW)
    challenges.ask_again(plain, draw=draw(address="a2", source="5" * 64), now=LATER)
    challenges.lease_mail(plain.key, lease_id=b"lease", until=LATER + timedelta(seconds=15), now=LATER)
    identities.add_failure("1d" * 32, attempt_id=attempt("wrong"))
    identities.record_success("2e" * 32, verified_at=NOW)
    return [consumed, cancelled, plain]


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize(
    ("table", "prefix", "allowed"),
    [
        (CHALLENGES, "challenge", CHALLENGE),
        (CHALLENGES, "address", ADDRESS_WINDOW),
        (CHALLENGES, "source", COUNTER),
        (CHALLENGES, "stack", COUNTER),
        (IDENTITIES, "identity", IDENTITY),
    ],
)
def test_an_item_has_the_documented_attributes_and_no_others(
    account: Account, table: str, prefix: str, allowed: dict[str, str]
) -> None:
    """A17: no response, no receipt, no code, no idempotency key."""
    stored = [types(item) for item in account.items(table) if kind(item) == prefix]

    assert stored
    together: dict[str, str] = {}
    for item in stored:
        together |= item
    assert together == allowed


@pytest.mark.usefixtures("lived")
def test_there_are_no_other_items(account: Account) -> None:
    assert {kind(item) for item in account.items(CHALLENGES)} == {"challenge", "address", "source", "stack"}
    assert {kind(item) for item in account.items(IDENTITIES)} == {"identity"}


@pytest.mark.parametrize(
    ("model", "allowed"),
    [
        (ChallengeItem, CHALLENGE),
        (AddressWindowItem, ADDRESS_WINDOW),
        (CounterItem, COUNTER),
        (IdentityItem, IDENTITY),
    ],
)
def test_the_models_document_exactly_these(model: type[Model], allowed: dict[str, str]) -> None:
    assert {name: attribute.attr_type for name, attribute in model.get_attributes().items()} == allowed


def test_keys_are_pseudonyms_hashes_and_times(account: Account, lived: list[Challenge]) -> None:
    keys = {item["pk"]["S"] for item in account.items()}

    assert keys == {f"challenge#{challenge.key}" for challenge in lived} | {
        "address#a0",
        "address#a1",
        "address#a2",
        f"source#{'5' * 64}#491625",
        "stack#2026-01-31#0",
        f"identity#{'1d' * 32}",
        f"identity#{'2e' * 32}",
    }


def test_a_challenge_is_removed_a_day_after_its_last_possible_use_whatever_happens(
    account: Account, lived: list[Challenge]
) -> None:
    """TTL is set once: issue + hard maximum + 1 day."""
    last = int((NOW + MAXIMUM + timedelta(days=1)).timestamp())

    assert {item["remove_after"]["N"] for item in account.items(CHALLENGES) if kind(item) == "challenge"} == {str(last)}


@pytest.mark.usefixtures("lived")
def test_windows_are_removed_when_they_can_refuse_nothing_more(account: Account) -> None:
    kept = {
        item["pk"]["S"]: int(item["remove_after"]["N"]) - int(NOW.timestamp())
        for item in account.items(CHALLENGES)
        if kind(item) != "challenge"
    }

    day = 86_400
    assert all(seconds > day for seconds in kept.values())
    assert max(kept.values()) <= 2 * day + 60


def test_numbers_are_whole_and_instants_milliseconds(account: Account, lived: list[Challenge]) -> None:
    item: dict[str, Any] = next(item for item in account.items() if item["pk"]["S"] == f"challenge#{lived[0].key}")

    assert item["issued_at"] == {"N": "1769851800123"}
    assert item["consumed_at"] == {"N": "1769851800123"}
    assert item["life_seconds"] == {"N": "300"}
