"""`otpost torture` as an operator runs it: against the real sandbox, everything holds (A3, A4, A10)."""

from pathlib import Path

from tests.sandboxes import running_sandbox
from tests.torture.conftest import Torture


def test_the_sandbox_holds_everything(torture: Torture, tmp_path: Path) -> None:
    with running_sandbox(tmp_path) as sandbox:
        told = torture(sandbox.url, "-n", "2", "-p", "12", adapter=None)

    assert told.with_verdict("VIOLATED") == set()
    assert told.with_verdict("not measured") == {"restarted"}
    assert told.findings["evaluated"]["counts"]["answered_as_wrong"] == [5, 5]
    assert told.code == 0, told.errors
