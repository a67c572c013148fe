"""The table can fail: mistakes are planted in functions of their own, and the cells they concern must name them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from otpost.errors import Unavailable
from otpost.ports import Sending
from tests.backends.account import CHALLENGES, Account
from tests.backends.wire import Call
from tests.faults.acts import Act, act_of
from tests.faults.cell import play
from tests.faults.invariants import Seen, violations
from tests.faults.kept import kept
from tests.faults.scene import Scene
from tests.faults.table import TABLE
from tests.faults.test_cells import cells
from tests.functional.stack import Stack

type Plant = Callable[[Stack], None]


class Forgiving:
    """A port that takes silence for consent."""

    def __init__(self, port: object, silent: object = None) -> None:
        self._port, self._silent = port, silent

    def __getattr__(self, name: str) -> Any:
        step = getattr(self._port, name)

        def forgiven(*positional: object, **named: object) -> object:
            try:
                return step(*positional, **named)
            except Unavailable:
                return self._silent

        return forgiven if callable(step) else step


class Eager:
    """Delivers as if a mail that nobody knows of were certainly not sent, and tries once more at once."""

    def __init__(self, mailer: Any) -> None:
        self._mailer = mailer

    def send(self, mime: bytes, **named: Any) -> Sending:
        try:
            return cast("Sending", self._mailer.send(mime, **named))
        except Unavailable:
            return cast("Sending", self._mailer.send(mime, **named))


def _verifying(**parts: Callable[[Any], object]) -> Plant:
    return lambda stack: _swap(stack, "verify", "_verifying", parts)


def _issuing(**parts: Callable[[Any], object]) -> Plant:
    return lambda stack: _swap(stack, "issue", "_issuing", parts)


def _delivering(**parts: Callable[[Any], object]) -> Plant:
    return lambda stack: _swap(stack, "deliver", "_delivering", parts)


def _swap(stack: Stack, function: str, name: str, parts: dict[str, Callable[[Any], object]]) -> None:
    app = stack._apps[function]
    whole = getattr(app, name)
    setattr(app, name, replace(whole, **{part: make(getattr(whole, part)) for part, make in parts.items()}))


MISTAKES: dict[str, tuple[Plant, str, Act, str]] = {
    "a failure that the streak does not know is answered": (
        _verifying(identities=Forgiving),
        "verify, wrong code, with a key",
        Act.COUNT_FAILURE,
        "an uncounted guess was answered",
    ),
    "a receipt without a signature is given": (
        _verifying(signer=lambda signer: Forgiving(signer, bytes(64))),
        "verify, right code, with a key",
        Act.SIGN,
        "the receipt is not signed",
    ),
    "a challenge is issued though nobody will mail it": (
        _issuing(outbox=Forgiving),
        "issue, with a key",
        Act.QUEUE,
        "the answer is '202' and not '503 unavailable'",
    ),
    "an unread streak counts as none": (
        _issuing(identities=lambda identities: Forgiving(identities, 0)),
        "issue, with a key",
        Act.READ_STREAK,
        "the answer is '202' and not '503 unavailable'",
    ),
    "a mail is handed over again at once": (
        _delivering(mailer=Eager),
        "deliver, a mail is owed",
        Act.MAIL,
        "a mail was handed over that no lease counts",
    ),
    "a mail that is not recorded is called sent": (
        _delivering(challenges=Forgiving),
        "deliver, a mail is owed",
        Act.RECORD,
        "the answer is 'done' and not 'again'",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_found(mistake: str, scene: Scene, account: Account) -> None:
    """A2, A49, A57."""
    plant, title, act, named = MISTAKES[mistake]
    path = next(path for path in TABLE if path.title == title)
    (row,) = [row for row in path.rows if row.act is act]
    broken = Stack(account)
    broken.mailed(email="warm@example.com")
    plant(broken)
    scene.begin()
    scene.warm = broken

    found = play(cells(path, row), scene)

    assert any(named in why for whys in found.values() for why in whys), found


def seen(scene: Scene, *, guess: bool | None) -> Seen:
    """Return what stands in the account, as a cell sees it."""
    now = kept(scene.account)
    return Seen(account=scene.account, answers=tuple(scene.warm.answers), guess=guess, more=now, now=now)


def test_an_acceptance_of_a_wrong_code_is_found(scene: Scene) -> None:
    scene.warm.answers.clear()
    scene.mailed()
    scene.verified()

    assert violations(seen(scene, guess=True)) == []
    assert violations(seen(scene, guess=False)) == ["a guess that was not right was accepted"]


def test_an_acceptance_that_is_not_in_the_table_is_found(scene: Scene, account: Account) -> None:
    """A10: it could be repeated."""
    scene.warm.answers.clear()
    scene.mailed()
    scene.verified()
    item = next(item for item in account.items(CHALLENGES) if "consumed_by" in item)
    account.put(CHALLENGES, {name: value for name, value in item.items() if not name.startswith("consumed")})

    assert "accepted, and the challenge is not consumed" in violations(seen(scene, guess=True))


def test_a_mail_that_no_limit_counts_is_found(scene: Scene, account: Account) -> None:
    """A6, A7."""
    scene.warm.answers.clear()
    scene.mailed()
    item = next(item for item in account.items(CHALLENGES) if item["pk"]["S"].startswith("stack#"))
    account.put(CHALLENGES, item | {"mails": {"N": "0"}})

    wrong = violations(seen(scene, guess=None))
    assert wrong == ["mails were asked for that no limit counts, or counted that nobody asked for"]


def test_a_call_that_nobody_has_thought_about_is_found(account: Account) -> None:
    """Another change of the same item, another table, another operation: each is no act of the table."""
    for call in (
        Call("dynamodb", "UpdateItem", _update("SET #0 = :0", {"#0": "email"})),
        Call("dynamodb", "UpdateItem", _update("SET #0 = :0 ADD #1 :1", {"#0": "expires_at", "#1": "tries"})),
        Call("dynamodb", "Scan", {"TableName": CHALLENGES}),
        Call("sqs", "ReceiveMessage", {"QueueUrl": account.queue_url}),
        Call("kms", "GenerateMac", {"KeyId": account.keys.identity + "?"}),
    ):
        with pytest.raises((ValueError, KeyError)):
            act_of(call, account)


def _update(expression: str, names: dict[str, str]) -> dict[str, Any]:
    return {"TableName": CHALLENGES, "UpdateExpression": expression, "ExpressionAttributeNames": names}
