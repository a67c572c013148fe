"""What `otpost sandbox` prints when it runs."""

import json
import subprocess

import pytest

from otpost_tools.commands.welcome import announce, paste_lines
from otpost_tools.sandbox.news import Caller, Progress, Refused, Started, Stopped
from otpost_tools.sandbox.stack import Route

STARTED = Started(
    url="http://127.0.0.1:8000",
    inbox_url="http://127.0.0.1:8000/_sandbox/",
    backends_url="http://127.0.0.1:4566",
    dynamodb="moto, one request at a time",
    seconds=4.2,
    functions=(),
    routes=(Route(method="POST", path="/v1/challenges", function="IssueFunction", signed=False),),
    not_emulated={"AWS::CloudWatch::Alarm": 12},
    init_errors={"KeysFunction": "No module named 'nowhere' [see the logs]"},
    caller=None,
    env_vars_file=".sandbox/env-vars.json",
    build_command="sam build " + "x" * 100,
    invoke_command="sam local invoke IssueFunction --env-vars .sandbox/env-vars.json " + "x" * 100,
)


def test_the_pasted_lines_prove_a_code(url: str) -> None:
    """A shell runs them as they are printed."""
    shell = subprocess.run(["bash", "-c", "\n".join(paste_lines(url))], capture_output=True, text=True, check=True)

    assert json.loads(shell.stdout.splitlines()[-1])["verdict"] == "accepted"


def test_signed_routes_are_called_with_a_signature() -> None:
    caller = Caller(access_key_id="KEY", secret_access_key="se cret", region="eu-central-1")

    issue, read, verify = paste_lines("http://127.0.0.1:8000", caller)

    assert "--aws-sigv4 aws:amz:eu-central-1:execute-api --user 'KEY:se cret'" in issue
    assert "--aws-sigv4" in verify
    assert "--aws-sigv4" not in read


def test_the_welcome_says_what_runs_and_what_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    announce(STARTED)

    printed = capsys.readouterr().out
    assert "http://127.0.0.1:8000/_sandbox/" in printed
    assert "POST /v1/challenges" in printed
    assert "12 ×" in printed
    assert "AWS::CloudWatch::Alarm" in printed
    assert "KeysFunction does not start" in printed
    assert "[see the logs]" in printed


def test_lines_to_paste_are_never_broken(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    announce(STARTED)

    printed = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert {STARTED.build_command, STARTED.invoke_command} <= set(printed)
    assert set(paste_lines(STARTED.url)) <= set(printed)


def test_a_refusal_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    announce(Refused(text="Port 8000 cannot be used [taken]."))

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Port 8000 cannot be used [taken]." in printed.err


def test_progress_and_the_end_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    announce(Progress(text="Reading template.yaml"))
    announce(Stopped())

    printed = capsys.readouterr().out
    assert "Reading template.yaml" in printed
    assert "nothing is left running" in printed
