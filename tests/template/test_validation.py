"""What AWS's own tools say of the template."""

import os
import subprocess

import pytest

from tests.template.stacks import REPOSITORY

SAM = REPOSITORY / ".venv-sam" / "bin" / "sam"


def test_sam_and_cfn_lint_find_nothing() -> None:
    """Practice 13: `sam validate --lint`, warnings included."""
    if not SAM.exists():
        reason = "sam has an environment of its own, .venv-sam, and it is not there: `make setup` makes it."
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    environment = os.environ | {"AWS_DEFAULT_REGION": "eu-central-1", "SAM_CLI_TELEMETRY": "0"}
    run = subprocess.run(
        [SAM, "validate", "--lint", "--template-file", "template.yaml"],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
