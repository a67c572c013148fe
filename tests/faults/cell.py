"""One cell of the table: a request whose call fails one way, for a while or once, and the same request afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.backends import faults
from tests.faults.acts import striking
from tests.faults.invariants import Seen, violations
from tests.faults.kept import Kept, kept, told
from tests.faults.rows import Path, Row, Then
from tests.faults.scene import Request, Scene
from tests.faults.ways import Way
from tests.functional.stack import Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One fault of one call. *once*: only the first call fails."""

    path: Path
    row: Row
    way: Way
    once: bool

    def __str__(self) -> str:
        """Name it as a failed test shows it."""
        return f"{self.path.title} · {self.row.act.name} · {self.way.name}{', once' if self.once else ''}"

    @property
    def then(self) -> Then:
        """Return what the table expects."""
        if self.once and not self.way.is_noticed_once(self.row.act):
            return Then(answer=self.path.answer, kept=self.path.in_all, in_all=self.path.in_all)
        return self.row.then(self.way.kind)


def play(cells: Iterable[Cell], scene: Scene) -> dict[str, list[str]]:
    """Play cells of one path; by the name of each, everything that is not as the table and the invariants say."""
    wrong: dict[str, list[str]] = {}
    request = None
    for cell in cells:
        if request is None:
            request, restore, now = cell.path.arrange(scene), scene.account.snapshot(), datetime.now(UTC)
        restore()
        scene.clock.move_to(now)
        if found := _played(cell, scene, request):
            wrong[str(cell)] = found
    scene.end()
    return wrong


def _played(cell: Cell, scene: Scene, request: Request) -> list[str]:
    account, path, then = scene.account, cell.path, cell.then
    before = kept(account)
    stack = _stack(cell, scene)
    stack.answers.clear()
    fault = faults.times(1, cell.way.fault) if cell.once else cell.way.fault
    with account.wire.failing(cell.row.act.call, striking(cell.row.act, fault, account)):
        answer = request(stack)
    at_once = kept(account) - before
    wrong = _differ("the answer", answer, then.answer or path.unavailable)
    if not cell.once or cell.way.is_noticed_once(cell.row.act):
        wrong += _differ("what is kept", told(at_once), told(then.kept))
    wrong += violations(_seen(scene, stack, before))
    return wrong + _afterwards(cell, scene, request, stack, before)


def _afterwards(cell: Cell, scene: Scene, request: Request, stack: Stack, before: Kept) -> list[str]:
    path, then = cell.path, cell.then
    wrong: list[str] = []
    if then.answer != path.answer or then.later is not None:
        scene.clock.shift(path.wait)
        wrong = _differ("the answer afterwards", request(stack), then.later or path.answer)
    scene.deliver_all()
    in_all = kept(scene.account) - before
    expected = path.in_all if then.in_all is None else then.in_all
    wrong += _differ("what is kept in all", told(in_all), told(expected))
    wrong += violations(_seen(scene, stack, before))
    return wrong + _other_guess(scene)


def _other_guess(scene: Scene) -> list[str]:
    """Whoever else has the right code is not accepted once it was consumed."""
    if scene.guess is None or not kept(scene.account).consumed:
        return []
    other = scene.warm.verify(scene.challenge_id, scene.code)
    return ["a code was accepted twice"] if other.status == 200 else []


def _stack(cell: Cell, scene: Scene) -> Stack:
    if cell.row.act.is_key:  # a warm function has the key already
        return Stack(scene.account, functions=(cell.path.function,))
    return scene.warm


def _seen(scene: Scene, stack: Stack, before: Kept) -> Seen:
    now = kept(scene.account)
    return Seen(account=scene.account, answers=tuple(stack.answers), guess=scene.guess, more=now - before, now=now)


def _differ(what: str, is_: str, should: str) -> list[str]:
    return [] if is_ == should else [f"{what} is {is_!r} and not {should!r}"]
