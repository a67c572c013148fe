"""How the story looks while it is told: a mark, what came, how long it took, and why it matters."""

import time
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from otpost_tools.client import Client
from otpost_tools.commands.output import console, print_json
from otpost_tools.commands.steps import STEPS, Step
from otpost_tools.commands.story import Story, UnexpectedError

_INDENT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How one step went."""

    step: Step
    passed: bool
    seen: str
    expected: str
    seconds: float

    def members(self) -> dict[str, object]:
        return {"step": self.step.title, "passed": self.passed, "came": self.seen, "expected": self.expected}


def tell(client: Client, *, as_json: bool) -> bool:
    """Run every step until one fails; say how each went. True if all passed."""
    out, story = console(), Story(client=client)
    told: list[Told] = []
    if not as_json:
        out.print(f"\n[bold]OTPost, told step by step[/]  [dim]{escape(client.base_url)}[/]\n", highlight=False)
    for number, step in enumerate(STEPS, 1):
        told.append(_told(step, story))
        if not as_json:
            _show(out, number, told[-1])
        if not told[-1].passed:
            break
    if as_json:
        print_json([one.members() for one in told])
    else:
        _conclude(out, told)
    return all(one.passed for one in told)


def _told(step: Step, story: Story) -> Told:
    began = time.perf_counter()
    try:
        seen, expected, passed = step.act(story), "", True
    except UnexpectedError as error:
        seen, expected, passed = error.came, error.expected, False
    return Told(step=step, passed=passed, seen=seen, expected=expected, seconds=time.perf_counter() - began)


def _show(out: Console, number: int, told: Told) -> None:
    mark = "[bold green]✔[/]" if told.passed else "[bold red]✘[/]"
    out.print(f"{mark} [bold]{number:>2}  {told.step.title}[/]  [dim]{told.seconds * 1000:,.0f} ms[/]")
    lines = [escape(told.seen)]
    if not told.passed:
        lines = [f"[red]expected  {escape(told.expected)}[/]", f"[red]came      {escape(told.seen)}[/]"]
    for line in (*lines, f"[dim]{told.step.why}[/]"):
        out.print(Padding(line, (0, 0, 0, _INDENT)))
    out.print()


def _conclude(out: Console, told: list[Told]) -> None:
    passed = sum(one.passed for one in told)
    colour = "green" if passed == len(STEPS) else "red"
    out.print(f"[bold {colour}]{passed} of {len(STEPS)} steps as promised.[/]")
