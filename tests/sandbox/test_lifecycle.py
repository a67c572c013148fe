"""A sandbox starts, says so, and leaves nothing behind, however it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from otpost_tools.sandbox.background import running
from otpost_tools.sandbox.errors import TemplateError
from otpost_tools.sandbox.news import News, Progress, Refused, Started, Stopped
from otpost_tools.sandbox.server import run
from tests.sandbox.conftest import FIXTURE, fixture_options
from tests.sandbox.speech import Speech, eventually

_SCRIPT = """
import sys
from pathlib import Path
from urllib.parse import urlsplit
from otpost_tools.sandbox.__main__ import announce
from otpost_tools.sandbox.server import run
from tests.sandbox.conftest import fixture_options
sys.exit(run(fixture_options(Path(sys.argv[1])), announce))
"""


@contextmanager
def started(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A sandbox as a process of its own, and its address."""
    command = [sys.executable, "-c", _SCRIPT, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(FIXTURE.parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            line = next(line for line in process.stdout if line.startswith("Ready"))
            yield process, line.split()[-1]
        finally:
            process.kill()


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def gone(processes: list[psutil.Process]) -> bool:
    return not [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_stops_everything_at_once(tmp_path: Path, number: signal.Signals) -> None:
    with started(tmp_path) as (process, url):
        assert Speech(url).probe(do="inside").status == 200
        children = family(process)
        assert len(children) >= 5
        began = time.monotonic()
        process.send_signal(number)
        process.send_signal(number)
        assert process.wait(10) == 0
        assert time.monotonic() - began < 3
        assert gone(children)
        assert process.stdout is not None
        assert process.stdout.read().endswith("Stopped.\n")


def test_killed_it_takes_everything_along(tmp_path: Path) -> None:
    with started(tmp_path) as (process, url):
        assert Speech(url).probe(do="inside").status == 200
        children = family(process)
        process.kill()
        process.wait(10)
        eventually(lambda: gone(children), 3)


def test_open_page_does_not_delay_the_end(tmp_path: Path) -> None:
    with running(fixture_options(tmp_path)) as sandbox:
        host, port = sandbox.url.removeprefix("http://").split(":")
        page = socket.create_connection((host, int(port)), timeout=10)
        page.sendall(f"GET /_sandbox/stream HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        heard = b""
        while b"listening" not in heard:
            heard += page.recv(4096)
        began = time.monotonic()
    assert time.monotonic() - began < 2
    page.close()


def test_backends_that_end_by_themselves_end_the_sandbox(tmp_path: Path) -> None:
    with started(tmp_path) as (process, _):
        (backends,) = [child for child in family(process) if any("moto_server" in word for word in child.cmdline())]
        backends.kill()
        assert process.wait(10) == 1


def refusal(tmp_path: Path, **changes: object) -> str:
    """What `run` says when it refuses to start; it returns 1."""
    news: list[News] = []
    assert run(fixture_options(tmp_path, **changes), news.append) == 1
    assert not any(isinstance(item, Started | Stopped) for item in news)
    assert all(isinstance(item, Progress) for item in news[:-1])
    last = news[-1]
    assert isinstance(last, Refused)
    return last.text


def test_busy_port_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        said = refusal(tmp_path, port=other.getsockname()[1])
    assert "OTPOST_PORT" in said


def test_refusals_say_what_to_do(tmp_path: Path) -> None:
    assert "make setup" in refusal(tmp_path, runtime_python=tmp_path / "nowhere")
    assert "is not there" in refusal(tmp_path, template=tmp_path / "nowhere.yaml")


def test_background_sandbox_that_cannot_start_raises_its_reason(tmp_path: Path) -> None:
    with pytest.raises(TemplateError), running(fixture_options(tmp_path, template=tmp_path / "nowhere.yaml")):
        pass


def test_started_tells_everything_that_a_person_needs(tmp_path: Path) -> None:
    news: list[News] = []

    def announce(item: News) -> None:
        news.append(item)
        if isinstance(item, Started):
            os.kill(os.getpid(), signal.SIGTERM)

    assert run(fixture_options(tmp_path, parameters={"CallerMode": "backend"}), announce) == 0
    (told,) = [item for item in news if isinstance(item, Started)]
    assert isinstance(news[-1], Stopped)
    assert told.inbox_url == f"{told.url}/_sandbox/"
    assert told.init_errors == {"BrokenFunction": "broken on purpose"}
    assert told.caller is not None
    assert told.not_emulated["AWS::CloudWatch::Alarm"] == 1
    assert told.seconds < 60
    variables = json.loads(Path(told.env_vars_file).read_text("utf-8"))
    assert variables["ProbeFunction"]["ONLY_BACKEND"] == "yes"
    port = urlsplit(told.backends_url).port
    assert variables["ProbeFunction"]["AWS_ENDPOINT_URL"] == f"http://host.docker.internal:{port}"
    assert told.env_vars_file in told.invoke_command
