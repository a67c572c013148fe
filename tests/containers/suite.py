"""Everything that runs in containers, in order, against one sandbox."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.containers.answers import outcome, words
from tests.containers.given import Account
from tests.containers.live import EXPECTED, ONE_A_FUNCTION, Live
from tests.containers.report import Report
from tests.containers.sam import BACKEND, Sam, invoked
from tests.containers.stored import Stored
from tests.containers.story import run_story
from tests.functional.events import FOLDER
from tests.sandboxes import READY_SECONDS, running_sandbox

_LINE = re.compile(r"(sam local invoke .*)\n")
_ISSUE_AND_VERIFY = ("IssueFunction", "VerifyFunction")


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """A running sandbox: its account, its --env-vars file, and the line that it prints."""

    account: Account
    env_vars: Path
    line: str


def run(sam: Sam, folder: Path, *, address: str) -> Report:
    """Run all of it; *address* is this machine's on the containers' bridge."""
    report = Report()
    with _sandbox(folder, address) as world:
        live = Live(report=report, account=world.account, folder=folder)
        _run_once(report, live, partial(sam.invoke, world.line))
        with sam.start("start-lambda", env_vars=_with_backend(world.env_vars)) as port:
            _run_warm(live, Stored(report=report, account=world.account, invoke=partial(invoked, port)))
        with sam.start("start-api", env_vars=world.env_vars) as port:
            run_story(report, world.account, port)
    return report


def _run_once(report: Report, live: Live, invoke: Callable[[str, Path], Any]) -> None:
    """Run one event a function as a person would: with `sam local invoke`."""
    with report.run("local invoke", "KeysFunction", "keys-health", expected=words(200)) as run:
        run.came = outcome(invoke("KeysFunction", FOLDER / "keys-health.json"))
    for case in ONE_A_FUNCTION:
        live.run(case, invoke, way="local invoke")


def _run_warm(live: Live, stored: Stored) -> None:
    """Run all others in containers that stay."""

    def invoke(function: str, file: Path) -> Any:
        return stored.invoke(function, json.loads(file.read_text()))

    stored.warm_up()
    for case in EXPECTED.keys() - set(ONE_A_FUNCTION):
        live.run(case, invoke, way="start-lambda")
    stored.run_requests()
    stored.run_batches()


def _with_backend(env_vars: Path) -> Path:
    """Write the variables again, with those of copies that serve callers who sign, on the same tables."""
    variables: dict[str, dict[str, str]] = json.loads(env_vars.read_text())
    copies = {f"{BACKEND}{name}": {**variables[name], "CALLER_MODE": "backend"} for name in _ISSUE_AND_VERIFY}
    file = env_vars.with_name("env-vars-with-backend.json")
    file.write_text(json.dumps(variables | copies))
    return file


@contextmanager
def _sandbox(folder: Path, address: str) -> Iterator[_World]:
    state = folder / "state"
    with running_sandbox(folder, environment={"OTPOST_BRIDGE": address, "OTPOST_STATE_FOLDER": str(state)}) as sandbox:
        line = _printed(folder / "output.txt")
        env_vars = state / "env-vars.json"
        account = Account.of(sandbox.client, json.loads(env_vars.read_text()))
        yield _World(account=account, env_vars=env_vars, line=line)


def _printed(output: Path) -> str:
    """Wait until the sandbox has printed its `sam local invoke` line, which it does last."""
    until = time.monotonic() + READY_SECONDS
    while (line := _LINE.search(output.read_text())) is None:
        assert time.monotonic() < until, output.read_text()
        time.sleep(0.1)
    return line[1]
