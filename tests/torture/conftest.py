import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from otpost_tools.cli import app

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the command said. *findings* by property."""

    code: int
    findings: dict[str, dict[str, Any]]
    errors: str
    output: str

    def with_verdict(self, verdict: str) -> set[str]:
        return {name for name, finding in self.findings.items() if finding["verdict"] == verdict}


type Torture = Callable[..., Told]


@pytest.fixture
def torture() -> Torture:
    """Runs the command with few rounds, on the JSON product unless told otherwise."""

    def run(url: str, *arguments: str, adapter: Path | None = HERE / "json_product.toml", as_json: bool = True) -> Told:
        words = ["torture", "--url", url, "-n", "4", "-p", "8", *arguments]
        words += ["--adapter", str(adapter)] if adapter else []
        result = CliRunner().invoke(app, words + ["--json"] * as_json, env={"COLUMNS": "200"})
        is_told = as_json and result.exit_code in {0, 1, 3} and result.stdout.startswith("{")
        findings = json.loads(result.stdout)["findings"] if is_told else []
        return Told(
            code=result.exit_code,
            findings={finding["property"]: finding for finding in findings},
            errors=result.stderr,
            output=result.stdout,
        )

    return run
