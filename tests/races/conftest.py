"""The engine, and the fixtures that the contract suites ask for, kept by it alone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from otpost.aws.challenges import DynamoChallenges
from otpost.aws.identities import DynamoIdentities
from otpost_tools.sandbox.dynamodb_local import DynamoDBLocal
from tests.races import figures
from tests.races.engine import EngineAccount, Place, Stores

HERE = Path(__file__).parent
IS_CHOSEN = os.environ.get("OTPOST_DYNAMODB") == "local"

pytest.register_assert_rewrite("tests.contract")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not IS_CHOSEN:
        skip = pytest.mark.skip(reason="DynamoDB Local is opt-in: make races")
        for item in items:
            if item.path.is_relative_to(HERE):
                item.add_marker(skip)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was counted."""
    if figures.FIGURES:
        terminalreporter.section("races on DynamoDB Local")
        terminalreporter.write("\n".join(figures.lines()) + "\n")


@pytest.fixture(scope="session")
def place() -> Iterator[Place]:
    """One engine for all races. Whoever asked for it and lacks it fails, and hears what to install."""
    with DynamoDBLocal() as engine:
        yield Place(engine.url)


@pytest.fixture(scope="session")
def _stores(place: Place) -> Stores:
    return place.stores(connections=128)


@pytest.fixture
def account(_stores: Stores) -> EngineAccount:
    """The two tables, empty."""
    account = EngineAccount(_stores.client)
    account.clear()
    return account


@pytest.fixture
def stores(account: EngineAccount, _stores: Stores) -> Stores:
    """The real adapters on empty tables."""
    return _stores


@pytest.fixture
def challenges(stores: Stores) -> DynamoChallenges:
    return stores.challenges


@pytest.fixture
def store(stores: Stores) -> DynamoChallenges:
    return stores.challenges


@pytest.fixture
def identities(stores: Stores) -> DynamoIdentities:
    return stores.identities


@pytest.fixture
def streaks(stores: Stores) -> DynamoIdentities:
    return stores.identities
