"""The exit codes of the `otpost` command as a shell sees them."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from otpost_tools.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


@pytest.fixture
def no_stack() -> Iterator[str]:
    """A web server that knows nothing of OTPost."""

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>")

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_unreachable_is_3() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    result = run("status", "x", "--url", f"http://127.0.0.1:{port}")

    assert result.returncode == 3
    assert "does not answer" in result.stderr
    assert "Traceback" not in result.stderr


def test_something_else_at_the_url_is_3(no_stack: str) -> None:
    result = run("status", "x", "--url", no_stack)

    assert result.returncode == 3
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("url", ["ftp://example.com", "127.0.0.1:8000", "http://", "http://example.com/?a=b"])
def test_a_url_that_is_none_is_wrong_usage(url: str) -> None:
    assert run("status", "x", "--url", url).returncode == 2


def test_an_unknown_command_is_wrong_usage() -> None:
    assert run("nonsense").returncode == 2


def test_help_needs_no_heavy_import() -> None:
    """A command must answer at once: what the sandbox or a signature needs is imported only by who uses it."""
    heavy = "{'moto', 'boto3', 'botocore', 'aiohttp', 'jwt', 'samtranslator', 'cryptography'}"
    program = f"import sys, otpost_tools.cli; print(sorted({heavy} & set(sys.modules)))"

    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"
