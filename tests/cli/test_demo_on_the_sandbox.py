"""`otpost demo` as a user runs it: it starts the real sandbox, tells the whole story, and leaves nothing behind."""

import json
import subprocess
import sys


def test_the_demo_passes_and_ends() -> None:
    command = [sys.executable, "-c", "from otpost_tools.cli import main; main()", "demo", "--json"]

    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert told.returncode == 0, told.stdout + told.stderr
    assert [step["step"] for step in json.loads(told.stdout) if not step["passed"]] == []
