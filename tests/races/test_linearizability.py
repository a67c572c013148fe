"""The checker itself, on histories of a register and of a queue whose verdict is known."""

from collections.abc import Hashable, Iterable

import pytest

from tests.races.linearizability import Operation, check, overlaps


def register(state: Hashable, call: tuple[str, int | None]) -> Iterable[tuple[Hashable, object]]:
    """A register: what was written last is read."""
    what, value = call
    return [(value, None)] if what == "write" else [(state, state)]


def write(value: int, called: int, returned: int | None, client: str = "a") -> Operation:
    return Operation(client=client, call=("write", value), called=called, returned=returned)


def read(value: int, called: int, returned: int, client: str = "b") -> Operation:
    return Operation(client=client, call=("read", None), called=called, returned=returned, answer=value)


def take_turns(state: Hashable, call: str) -> Iterable[tuple[Hashable, object]]:
    """A counter that may go up by one or by two: more than one thing may follow."""
    assert isinstance(state, int)
    return [(state + 1, state + 1), (state + 2, state + 2)]


def count(answer: int, called: int, returned: int) -> Operation:
    return Operation(client="a", call="count", called=called, returned=returned, answer=answer)


LINEARIZABLE = {
    "nothing": [],
    "one after another": [write(1, 0, 1), read(1, 2, 3)],
    "a read beside a write sees the old value": [write(1, 0, 9), read(0, 1, 2)],
    "a read beside a write sees the new value": [write(1, 0, 9), read(1, 1, 2)],
    "reads beside a write see it come": [write(1, 0, 9), read(0, 1, 2), read(1, 3, 4)],
    "two writes at once in the order of the reads": [write(1, 0, 9), write(2, 0, 9, "c"), read(1, 10, 11)],
    "a write without an answer happened": [write(1, 0, None), read(1, 2, 3)],
    "a write without an answer did not happen": [write(1, 0, None), read(0, 2, 3)],
    "a write without an answer happens late": [write(1, 0, None), read(0, 2, 3), write(2, 4, 5, "c"), read(1, 6, 7)],
}
NOT_LINEARIZABLE = {
    "a stale read": [write(1, 0, 1), read(0, 2, 3)],
    "a value from nowhere": [read(7, 0, 1)],
    "a value from the future": [read(1, 0, 1), write(1, 2, 3)],
    "reads beside a write see it come and go": [write(1, 0, 9), read(1, 1, 2), read(0, 3, 4)],
    "two readers see two orders": [
        write(1, 0, 1),
        write(2, 0, 1, "c"),
        read(1, 2, 3),
        read(2, 4, 5),
    ],
    "a write without an answer happens twice": [
        write(1, 0, None),
        read(1, 2, 3),
        write(2, 4, 5, "c"),
        read(1, 6, 7),
    ],
}


@pytest.mark.parametrize("history", LINEARIZABLE.values(), ids=LINEARIZABLE)
def test_a_history_that_could_have_been_sequential_is_explained(history: list[Operation]) -> None:
    result = check(history, 0, register)

    assert result.is_linearizable
    assert {operation for operation in history if operation.returned is not None} <= set(result.order)


@pytest.mark.parametrize("history", NOT_LINEARIZABLE.values(), ids=NOT_LINEARIZABLE)
def test_a_history_that_could_not_is_refuted(history: list[Operation]) -> None:
    result = check(history, 0, register)

    assert not result.is_linearizable
    assert len(result.order) < len(history)


def test_of_several_things_that_may_follow_any_will_do() -> None:
    assert check([count(2, 0, 1), count(3, 2, 3)], 0, take_turns).is_linearizable
    assert not check([count(2, 0, 1), count(5, 2, 3)], 0, take_turns).is_linearizable


def test_many_operations_at_once_do_not_take_forever() -> None:
    """Without memory these are 13! orders."""
    history = [write(at % 2, 0, 99, f"{at}") for at in range(12)] + [read(7, 0, 99)]

    assert not check(history, 0, register).is_linearizable


def test_overlaps_are_counted_by_pairs_of_clients() -> None:
    assert overlaps([write(1, 0, 3), read(0, 1, 2), read(1, 4, 5), write(1, 4, None)]) == 2
