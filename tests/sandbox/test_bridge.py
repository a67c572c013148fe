"""Containers reach the backends on the address of their bridge, if that is asked for, and nobody else does."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from otpost_tools.sandbox import bridge
from otpost_tools.sandbox.endpoints import Endpoints
from otpost_tools.sandbox.errors import BridgeError

ADDRESS = "127.0.0.2"
"""Stands for the address of a bridge: it is this machine's, and not where the backends listen."""


class Echo(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the standard library
        pass


@contextmanager
def echoing() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def opened(address: str | None, endpoints: Endpoints) -> Iterator[Endpoints]:
    """Run the bridge on a loop of its own thread."""
    with asyncio.Runner() as runner:
        loop, bridging = runner.get_loop(), bridge.opened(address, endpoints)
        reachable = runner.run(bridging.__aenter__())
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        try:
            yield reachable
        finally:
            asyncio.run_coroutine_threadsafe(bridging.__aexit__(None, None, None), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()


@pytest.fixture
def backends() -> Iterator[str]:
    with echoing() as url:
        yield url


def endpoints(backends: str, dynamodb: str | None = None) -> Endpoints:
    return Endpoints(backends=backends, dynamodb=dynamodb or backends, engine="any")


def echoed(url: str, body: bytes) -> bytes:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request("POST", "/", body)
        return connection.getresponse().read()
    finally:
        connection.close()


def test_what_is_sent_to_the_bridge_reaches_the_backends(backends: str) -> None:
    body = bytes(range(256)) * 20_000

    with opened(ADDRESS, endpoints(backends)) as reachable:
        assert urlsplit(reachable.backends).hostname == ADDRESS
        assert echoed(reachable.backends, body) == body


def test_nothing_listens_there_when_the_sandbox_has_stopped(backends: str) -> None:
    with opened(ADDRESS, endpoints(backends)) as reachable:
        assert echoed(reachable.backends, b"here") == b"here"

    with pytest.raises(ConnectionRefusedError):
        echoed(reachable.backends, b"gone")


def test_an_engine_of_its_own_gets_a_relay_of_its_own(backends: str) -> None:
    with echoing() as dynamodb, opened(ADDRESS, endpoints(backends, dynamodb)) as reachable:
        assert reachable.separate
        assert echoed(reachable.dynamodb, b"item") == b"item"


def test_tables_kept_by_the_backends_share_their_relay(backends: str) -> None:
    with opened(ADDRESS, endpoints(backends)) as reachable:
        assert not reachable.separate


def test_a_backend_that_is_gone_ends_the_connection_and_not_the_relay() -> None:
    with echoing() as url:
        pass
    with opened(ADDRESS, endpoints(url)) as reachable:
        for _ in range(2):
            with pytest.raises((ConnectionError, OSError)):
                echoed(reachable.backends, b"anybody?")


def test_without_an_address_nothing_listens_but_on_127_0_0_1(backends: str) -> None:
    with opened(None, endpoints(backends)) as reachable:
        assert reachable.backends == f"http://host.docker.internal:{urlsplit(backends).port}"
        with pytest.raises(ConnectionRefusedError):
            echoed(f"http://{ADDRESS}:{urlsplit(backends).port}", b"")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux binds addresses that are not there yet")
def test_a_bridge_may_come_into_being_later(backends: str) -> None:
    """Podman makes its bridge with the first container."""
    with opened("10.211.211.1", endpoints(backends)) as reachable:
        assert urlsplit(reachable.backends).hostname == "10.211.211.1"


@pytest.mark.parametrize("address", ["0.0.0.0", "8.8.8.8", "::", "docker0", ""])
def test_only_an_address_of_a_private_network_is_served(backends: str, address: str) -> None:
    with pytest.raises(BridgeError), opened(address, endpoints(backends)):
        pass
