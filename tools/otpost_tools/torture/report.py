"""How a run looks: what it will do, a row for each property, and the same as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.markup import escape
from rich.table import Table

from otpost_tools.torture.adapter import Adapter
from otpost_tools.torture.findings import Finding, Verdict
from otpost_tools.torture.plan import Most, Plan

_COLOURS = {
    Verdict.HELD: "green",
    Verdict.VIOLATED: "bold red",
    Verdict.NO_PROMISE: "yellow",
    Verdict.NOT_MEASURED: "dim",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A run and its findings."""

    adapter: Adapter
    url: str
    plan: Plan
    seconds: float
    findings: Sequence[Finding]

    @property
    def is_violated(self) -> bool:
        return any(finding.verdict is Verdict.VIOLATED for finding in self.findings)

    @property
    def is_incomplete(self) -> bool:
        """True if something was tried in vain; a row that nobody asked for does not count."""
        return any(finding.failed for finding in self.findings)

    def members(self) -> dict[str, object]:
        return {
            "product": self.adapter.name,
            "version": self.adapter.version,
            "url": self.url,
            "rounds": self.plan.rounds,
            "parallel": self.plan.parallel,
            "seed": self.plan.seed,
            "seconds": round(self.seconds, 1),
            "findings": [finding.members() for finding in self.findings],
        }

    def table(self) -> Table:
        table = Table(box=None, padding=(0, 2, 1, 0), header_style="bold")
        for name in ("property", "measured", "promised"):
            table.add_column(name, overflow="fold")
        table.add_column("verdict", no_wrap=True)
        for row in self.findings:
            verdict = f"[{_COLOURS[row.verdict]}]{row.verdict.value}[/]"
            table.add_row(escape(row.property.value), escape(row.measured), escape(row.promised or "–"), verdict)
        return table

    def conclusion(self) -> str:
        violated = sum(finding.verdict is Verdict.VIOLATED for finding in self.findings)
        held = sum(finding.verdict is Verdict.HELD for finding in self.findings)
        colour = "red" if violated else "green"
        return f"[bold {colour}]{held} held, {violated} violated[/] [dim]in {self.seconds:.0f} s[/]"


def announcement(adapter: Adapter, url: str, plan: Plan, most: Most) -> str:
    """What is about to happen, in one line."""
    return (
        f"{adapter.name} {adapter.version} at {url}: {plan.rounds} rounds of {plan.parallel} at once, "
        f"at most {most.requests:,} requests and {most.mails:,} mails. Seed {plan.seed}."
    )
