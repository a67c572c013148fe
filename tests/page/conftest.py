import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NODE_MODULES = HERE.parent / "node" / "node_modules"
READY_SECONDS = 60

type BrowserCheck = Callable[[str, str], str]


@pytest.fixture(scope="session")
def chromium() -> str:
    """A Chromium of this machine; skips without one, except in CI, where a missing browser would hide a failure."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    browser = os.environ.get("OTPOST_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    missing = [
        *(["a Chromium (set OTPOST_CHROMIUM)"] if browser is None else []),
        *(["node"] if shutil.which("node") is None else []),
        *([] if (NODE_MODULES / "playwright-core").is_dir() else ["`npm ci` in tests/node"]),
    ]
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"the page cannot be checked without {', '.join(missing)}")
    if missing or browser is None:
        pytest.skip(f"needs {', '.join(missing)}")
    return browser


@pytest.fixture(scope="session")
def check_page(chromium: str) -> BrowserCheck:
    """Runs one of the checks beside this file in the browser and gives what it printed."""

    def check(script: str, url: str) -> str:
        command = ["node", str(HERE / script), url, chromium]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return check


@pytest.fixture(scope="session")
def sandbox_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real sandbox, started as a user starts it, on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    output = tmp_path_factory.mktemp("sandbox") / "output.txt"
    with output.open("w") as log:
        command = [sys.executable, "-m", "otpost_tools.sandbox"]
        process = subprocess.Popen(command, env=os.environ | {"OTPOST_PORT": str(port)}, stdout=log, stderr=log)
        try:
            _await_ready(port, process, output)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def _await_ready(port: int, process: subprocess.Popen[bytes], output: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/_sandbox/state")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.2)
        finally:
            connection.close()
    pytest.fail(f"the sandbox did not start: {output.read_text()}")
