"""A57 at the door: what a caller reads when nothing answers. `tests/faults` breaks every call in every way."""

from tests.backends import faults
from tests.functional.events import http_event
from tests.functional.stack import Stack


def test_a_failure_says_that_it_is_one_and_nothing_else(stack: Stack) -> None:
    """A58: the whole answer, to the letter."""
    with stack.account.wire.failing("*", faults.forbidden):
        answer = stack.issue()

    assert answer.status == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.body == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "code": "unavailable",
        "detail": "A part of the service did not answer. Send the same request again, with the same Idempotency-Key.",
    }


def test_health_asks_nobody(stack: Stack) -> None:
    with stack.account.wire.failing("*", faults.read_timeout):
        assert stack.serve(http_event("GET /v1/health")).body == {"status": "ok"}


def test_an_unlimited_send_is_impossible_while_the_table_is_down(stack: Stack) -> None:
    """A6, A7: without the windows there is no mail."""
    with stack.account.wire.failing("dynamodb", faults.broken):
        answers = [stack.issue(f"person{number}@example.com") for number in range(10)]

    assert {answer.status for answer in answers} == {503}
    assert stack.account.queued() == []
