"""The engine: who asks for it gets it, or hears what is missing; it answers this machine only, and leaves nothing."""

import os
import socket
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from otpost_tools.sandbox import dynamodb_local
from otpost_tools.sandbox.dynamodb_local import DynamoDBLocal
from otpost_tools.sandbox.errors import EngineError
from tests.races.engine import Place
from tests.sandbox.speech import eventually

_OWNER = """
import sys, time
from otpost_tools.sandbox.dynamodb_local import DynamoDBLocal
with DynamoDBLocal() as engine:
    print(engine.url, flush=True)
    time.sleep(600)
"""


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def knock(address: str, port: int) -> int:
    """Send a request and return the status of the answer."""
    with closing(HTTPConnection(address, port, timeout=5)) as connection:
        connection.request("GET", "/")
        return connection.getresponse().status


def test_an_engine_that_is_not_installed_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OTPOST_DYNAMODB_JAR", str(tmp_path / "DynamoDBLocal.jar"))

    with pytest.raises(EngineError, match=r"make engine.*licence.*OTPOST_DYNAMODB_JAR"):
        DynamoDBLocal()


def test_java_that_is_not_installed_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(EngineError, match="Java 17"):
        DynamoDBLocal()


def test_an_engine_that_ends_at_once_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    jar = tmp_path / "DynamoDBLocal.jar"
    jar.write_bytes(b"no jar")
    monkeypatch.setenv("OTPOST_DYNAMODB_JAR", str(jar))

    with pytest.raises(EngineError, match=r"did not start[\s\S]*jar"):
        DynamoDBLocal().wait_until_ready()


def test_an_unknown_engine_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(EngineError, match=r"'dynalite'.*moto.*local"):
        dynamodb_local.chosen("dynalite")


def test_another_address_of_this_machine_gets_no_answer(place: Place) -> None:
    """The engine listens everywhere; what comes from elsewhere is dropped before a byte is read."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it only chooses the address
        except OSError:
            pytest.skip("this machine has no address but 127.0.0.1")
        address = probe.getsockname()[0]

    with pytest.raises(OSError):  # noqa: PT011 (reset or cut off, as the kernel likes)
        knock(address, port_of(place.url))

    assert knock("127.0.0.1", port_of(place.url)) == 400  # who is near is answered still, if only with an error


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_an_engine_ends_with_a_killed_owner() -> None:
    command = [sys.executable, "-c", _OWNER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as owner:
        assert owner.stdout is not None
        owner.stdout.readline()
        children = psutil.Process(owner.pid).children()
        owner.kill()

    assert children
    eventually(lambda: not any(child.is_running() for child in children), 10)
