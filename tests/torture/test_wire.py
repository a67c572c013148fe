"""Requests that end at one instant, and answers that nobody reads."""

import socket
import threading
import time

import pytest

from otpost_tools.torture.burst import together
from otpost_tools.torture.errors import CannotMeasureError
from otpost_tools.torture.wire import Connection, Request, lost, sent
from tests.torture.products import Server, served, url_of


def asking(server: Server, email: str = "a@example.com") -> Request:
    body = f'{{"email": "{email}"}}'.encode()
    return Request(base_url=url_of(server), method="POST", target="/issue", headers={}, body=body)


def test_no_request_is_whole_before_every_connection_stands() -> None:
    """One of them cannot be opened: then none of the others may reach the product, or they would not be parallel."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with served() as server:
        nowhere = Request(base_url=f"http://127.0.0.1:{port}", method="GET", target="/", headers={}, body=b"")

        with pytest.raises(CannotMeasureError, match="could be opened"):
            together([asking(server)] * 5 + [nowhere])

        assert server.requests == []


def test_a_primed_request_waits_for_its_last_byte() -> None:
    with served() as server, Connection(asking(server)) as connection:
        connection.prime()
        time.sleep(0.1)
        assert server.requests == []

        connection.fire()

        assert connection.read().status == 202


def test_answers_come_in_the_order_of_the_requests() -> None:
    with served() as server:
        replies = together([asking(server, f"{n % 4}@example.com") for n in range(16)])

    assert sorted(reply.status for reply in replies if reply) == [202] * 12 + [429] * 4


@pytest.mark.parametrize("answered", [True, False])
def test_a_lost_answer_was_given_nevertheless(*, answered: bool) -> None:
    with served() as server:
        lost(asking(server), answered=answered)
        until = time.monotonic() + 5
        while not server.verifier.challenges and time.monotonic() < until:
            time.sleep(0.01)

        assert len(server.verifier.challenges) == 1


def test_a_server_that_hangs_up_gave_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            for _ in range(2):
                listener.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

        replies = together([Request(base_url=url, method="GET", target="/", headers={}, body=b"")] * 2)
        thread.join()

    assert replies == [None, None]


def test_the_prefix_of_the_base_url_and_the_host_are_sent() -> None:
    with served() as server:
        assert sent(asking(server)).status == 202

    raw = Request(
        base_url="https://h.example:8443/p", method="GET", target="/p/x", headers={"A": "b"}, body=b""
    ).rendered()
    assert raw.startswith(b"GET /p/x HTTP/1.1\r\nA: b\r\nHost: h.example:8443\r\n")
