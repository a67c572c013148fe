"""Every port twice: the fake that other tests use, and the adapter on moto. Both must keep every promise."""

from collections.abc import Iterator

import pytest

from otpost.aws import clients
from otpost.aws.challenges import DynamoChallenges
from otpost.aws.identities import DynamoIdentities
from otpost.aws.transactions import Transactions
from otpost.ports import ChallengeStore, IdentityStore
from tests.backends.account import CHALLENGES, IDENTITIES, Account, open_account
from tests.fakes.challenges import MemoryChallenges
from tests.fakes.identities import MemoryIdentities


@pytest.fixture(scope="module")
def _account() -> Iterator[Account]:
    with open_account() as account:
        yield account


@pytest.fixture
def account(_account: Account) -> Account:
    """Return an account whose tables, queue and outgoing mail are empty."""
    _account.clear()
    return _account


@pytest.fixture
def challenges(account: Account) -> DynamoChallenges:
    """Return the real store; between the tries of a transaction it does not wait."""
    client = clients.dynamodb()
    return DynamoChallenges(client, CHALLENGES, transactions=Transactions(client, sleep=lambda _: None))


@pytest.fixture
def identities(account: Account) -> DynamoIdentities:
    """Return the real store."""
    return DynamoIdentities(clients.dynamodb(), IDENTITIES)


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
