"""Every port twice: the fake that other tests use, and the adapter on moto. Both must keep every promise."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from otpost.aws import clients
from otpost.aws.challenges import DynamoChallenges
from otpost.aws.identities import DynamoIdentities
from otpost.aws.transactions import Transactions
from otpost.ports import ChallengeStore, IdentityStore
from tests.backends.account import CHALLENGES, IDENTITIES, Account, open_account
from tests.fakes.challenges import MemoryChallenges
from tests.fakes.identities import MemoryIdentities

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="module")
def _account() -> Iterator[Account]:
    with open_account() as account:
        yield account


@pytest.fixture
def account(_account: Account) -> Account:
    """Return an account whose tables, queue and outgoing mail are empty."""
    _account.clear()
    return _account


@pytest.fixture(scope="module")
def _client(_account: Account) -> "DynamoDBClient":
    return clients.dynamodb()


@pytest.fixture
def challenges(account: Account, _client: "DynamoDBClient") -> DynamoChallenges:
    """Return the real store; between the tries of a transaction it does not wait."""
    return DynamoChallenges(_client, CHALLENGES, transactions=Transactions(_client, sleep=lambda _: None))


@pytest.fixture
def identities(account: Account, _client: "DynamoDBClient") -> DynamoIdentities:
    """Return the real store."""
    return DynamoIdentities(_client, IDENTITIES)


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest) -> ChallengeStore:
    """Return an empty ChallengeStore."""
    if request.param == "memory":
        return MemoryChallenges()
    found: ChallengeStore = request.getfixturevalue("challenges")
    return found


@pytest.fixture(params=["memory", "dynamodb"])
def streaks(request: pytest.FixtureRequest) -> IdentityStore:
    """Return an empty IdentityStore."""
    if request.param == "memory":
        return MemoryIdentities()
    found: IdentityStore = request.getfixturevalue("identities")
    return found
