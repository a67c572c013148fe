"""Recorded histories of the real stores on a real engine, each explained by a sequential order of the model, or not."""

from collections.abc import Callable

import pytest

from otpost.aws.challenges import DynamoChallenges
from otpost.aws.transactions import Transactions
from tests.races import broken, model
from tests.races.engine import CHALLENGES, Place
from tests.races.figures import FIGURES
from tests.races.linearizability import Operation, Result, check, overlaps
from tests.races.programs import program
from tests.races.recording import Recorder
from tests.races.report import report
from tests.races.wire import Wire

HISTORIES = 1_000
WITHIN = 300
"""How many histories a broken store may need until it is found out."""

type Store = Callable[..., DynamoChallenges]

pytestmark = pytest.mark.usefixtures("account")


def recorder(place: Place, store: Store) -> Recorder:
    client = place.client(connections=32)
    wire = Wire(client)
    transactions = Transactions(client, sleep=lambda _: None)  # the conflicts here are made up, they end by themselves
    return Recorder(store(client, CHALLENGES, transactions=transactions), wire)


def recorded(recorder: Recorder, seed: int) -> tuple[list[Operation], Result]:
    history = recorder.record(program(seed))
    return history, check(history, model.State(), model.steps)


def test_every_history_has_a_sequential_explanation(place: Place) -> None:
    """A3, A6: under lost answers, requests that come twice and late, and conflicts."""
    honest = recorder(place, DynamoChallenges)
    for seed in range(HISTORIES):
        history, result = recorded(honest, seed)
        assert result.is_linearizable, report(seed, history, result)
        FIGURES["histories checked, all linearizable"] += 1
        FIGURES["operations in histories"] += len(history)
        FIGURES["of these without an answer"] += sum(operation.returned is None for operation in history)
        FIGURES["pairs of operations under way at one time"] += overlaps(history)


@pytest.mark.parametrize(
    "store", [broken.ReadsThenWrites, broken.CountsWithANumber, broken.ConsumesLater, broken.CancelsAnyway]
)
def test_a_store_that_breaks_the_protocol_is_found_out(place: Place, store: Store) -> None:
    dishonest = recorder(place, store)

    for seed in range(WITHIN):
        history, result = recorded(dishonest, seed)
        if not result.is_linearizable:
            FIGURES[f"broken store found out after so many histories: {store.__name__}"] = seed + 1
            assert "No sequential order explains" in report(seed, history, result)
            return
    pytest.fail(f"{WITHIN} histories of {store.__name__} look right")
