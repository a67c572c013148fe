import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sandboxes import running_sandbox

HERE = Path(__file__).parent
NODE_MODULES = HERE.parent / "node" / "node_modules"

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
    """The real sandbox, as a process of its own."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox.url
