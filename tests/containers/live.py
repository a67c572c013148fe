"""What a person types: `otpost event` writes an event, and the line that the sandbox prints takes it to a function."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from otpost_tools.cli import app
from otpost_tools.client import Client
from otpost_tools.commands.event import Case
from tests.containers.answers import batch_outcome, batch_words, outcome, words
from tests.containers.given import Account
from tests.containers.report import Report

EXPECTED = {
    Case.ISSUE: ("IssueFunction", words(202)),
    Case.VERIFY_ACCEPTED: ("VerifyFunction", words(200)),
    Case.STATUS: ("StatusFunction", words(200)),
    Case.DELIVER: ("DeliverFunction", batch_words(0, 0)),
    Case.VERIFY_WRONG: ("VerifyFunction", words(401, "wrong_code")),
    Case.RESEND: ("IssueFunction", words(202)),
    Case.CANCEL: ("IssueFunction", words(200)),
}
ONE_A_FUNCTION = list(EXPECTED)[:4]
"""Each `sam local invoke` makes a container of its own, which takes seconds: KeysFunction has a file in events/."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """Runs what `otpost event` writes; *folder* takes the files."""

    report: Report
    account: Account
    folder: Path

    def run(self, case: Case, invoke: Callable[[str, Path], Any], *, way: str) -> None:
        """Write the event of *case*, and *invoke* its function with the file."""
        function, expected = EXPECTED[case]
        self.account.clear()
        file = self.folder / f"{case}.json"
        _write(self.account.client, case, file)
        self.account.forget_sends()  # as if thirty seconds had passed
        before = self.account.mails()
        with self.report.run(way, function, f"otpost event {case}", expected=expected) as run:
            answer = invoke(function, file)
            run.came = batch_outcome(answer, self.account.mails() - before) if case is Case.DELIVER else outcome(answer)


def _write(client: Client, case: Case, file: Path) -> None:
    result = CliRunner().invoke(app, ["event", case, "--url", client.base_url, "--out", str(file)])
    if result.exit_code != 0 or not json.loads(file.read_text()):
        raise RuntimeError(f"otpost event {case}: {result.output}")
