"""Sandboxes, and rounds of schemathesis against them until enough requests were sent."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.promises import REPOSITORY
from tests.fuzz.tally import Tally

_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "keeps_every_promise",
    "refuses_for_a_reason",
)
_CONFIGURATION = """
[checks.negative_data_rejection]
expected-statuses = [400, 403, 413, 415]
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 400, 401, 403, 404, 410, 429]
"""


def rounds(url: str, *, mode: str, cases: int, seed: int, place: Path) -> Iterator[tuple[int, Tally]]:
    """Yield exit code and tally of one round after the other, each with a seed of its own, up to *cases* requests."""
    (place / "schemathesis.toml").write_text(_CONFIGURATION, encoding="utf-8")
    sent = number = 0
    while sent < cases:
        path = place / f"{mode}-{number}.json"
        exit_code = _round(url, mode, seed + number, path, examples=max(5, min(100, (cases - sent) // 25)))
        tally = Tally.load([path])
        yield exit_code, tally
        if tally.requests == 0:
            raise RuntimeError("schemathesis sent nothing")
        sent, number = sent + tally.requests, number + 1


def _round(url: str, mode: str, seed: int, tally: Path, *, examples: int) -> int:
    settings = {"URL": url, "MODE": mode, "SEED": str(seed), "TALLY": str(tally)}
    environment = os.environ | {f"OTPOST_FUZZ_{name}": value for name, value in settings.items()}
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--no-color", "run", str(REPOSITORY / "docs" / "openapi.yaml")),
        *("--url", url, "--checks", ",".join(_CHECKS), "--max-examples", str(examples), "--seed", str(seed)),
        *("--continue-on-failure", "--no-shrink", "--generation-database", "none", "--suppress-health-check", "all"),
        *("--generation-with-security-parameters", "false", "--output-sanitize", "false", "--warnings", "off"),
    ]
    environment |= {"SCHEMATHESIS_HOOKS": "tests.fuzz.hooks"}
    with (tally.with_suffix(".txt")).open("w", encoding="utf-8") as output:
        return subprocess.run(
            command, cwd=tally.parent, env=environment, stdout=output, stderr=output, check=False
        ).returncode
