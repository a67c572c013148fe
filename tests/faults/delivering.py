"""The table's paths through the deliver function: `done` takes the message off the queue, `again` keeps it there."""

from tests.backends import faults
from tests.faults.acts import Act
from tests.faults.kept import Kept
from tests.faults.rows import Path, Row, Then
from tests.faults.scene import Request, Scene
from tests.functional.stack import Stack

_SENT = Kept(leases=1, recorded=1, mails=1)
_SENT_AT_THE_SECOND_TRY = Kept(leases=2, recorded=1, mails=1)
_SENT_TWICE = Kept(leases=2, recorded=1, mails=2)
_VISIBLE_AGAIN = 90
_OVER_IN_SILENCE = (Row(act=Act.HOUR_KEY), Row(act=Act.LEASE))


def _said(failed: list[str]) -> str:
    return "again" if failed else "done"


def _message(scene: Scene) -> Request:
    return lambda stack: _said(stack.deliver(scene.challenge_id))


def _owed(scene: Scene) -> Request:
    scene.issued()
    return _message(scene)


def _throttled(scene: Scene) -> Request:
    scene.lasting("sesv2", faults.refused("TooManyRequestsException", status=429))
    return _owed(scene)


def _rejected(scene: Scene) -> Request:
    scene.lasting("sesv2", faults.refused("MessageRejected"))
    return _owed(scene)


def _held(scene: Scene) -> Request:
    scene.issued()
    _die_while_sending(scene)
    return _message(scene)


def _sent(scene: Scene) -> Request:
    scene.mailed()
    return _message(scene)


def _given_up(scene: Scene) -> Request:
    scene.issued()
    for _ in range(2):
        _die_while_sending(scene)
        scene.clock.shift(_VISIBLE_AGAIN)
    return _message(scene)


def _forgotten(scene: Scene) -> Request:
    scene.issued()
    scene.account.clear()
    return _message(scene)


def _garbage(scene: Scene) -> Request:
    scene.challenge_id = "no id"
    return _message(scene)


def _too_late(scene: Scene) -> Request:
    scene.issued()

    def send(stack: Stack) -> str:
        return _said(stack.deliver(scene.challenge_id, remaining=9_999))

    return send


def _die_while_sending(scene: Scene) -> None:
    with scene.account.wire.failing("sesv2", faults.read_timeout):
        scene.warm.deliver(scene.challenge_id)


PATHS: tuple[Path, ...] = (
    Path(
        function="deliver",
        title="deliver, a mail is owed",
        arrange=_owed,
        answer="done",
        in_all=_SENT,
        rows=(
            Row(act=Act.HOUR_KEY),
            Row(act=Act.LEASE, lost=Then(kept=Kept(leases=1), in_all=_SENT_AT_THE_SECOND_TRY)),
            Row(
                act=Act.MAIL,
                refused=Then(),
                unmet=Then(kept=Kept(leases=1), in_all=_SENT_AT_THE_SECOND_TRY),
                lost=Then(kept=Kept(leases=1, mails=1), in_all=_SENT_TWICE),
            ),
            Row(
                act=Act.RECORD,
                unmet=Then(kept=Kept(leases=1, mails=1), in_all=_SENT_TWICE),
                lost=Then(kept=_SENT),
            ),
        ),
        wait=_VISIBLE_AGAIN,
    ),
    Path(
        function="deliver",
        title="deliver, SES takes no mail now",
        arrange=_throttled,
        answer="again",
        rows=(
            Row(act=Act.HOUR_KEY),
            Row(act=Act.LEASE, lost=Then(kept=Kept(leases=1), in_all=Kept(leases=1))),
            Row(
                act=Act.MAIL,
                refused=Then(),
                unmet=Then(kept=Kept(leases=1), in_all=Kept(leases=1)),
                lost=Then(kept=Kept(leases=1, mails=1), in_all=Kept(leases=1, mails=1)),
            ),
            Row(act=Act.GIVE_BACK, unmet=Then(kept=Kept(leases=1), in_all=Kept(leases=1)), lost=Then()),
        ),
        wait=_VISIBLE_AGAIN,
        briefly=True,
    ),
    Path(
        function="deliver",
        title="deliver, SES refuses the mail for good",
        arrange=_rejected,
        answer="done",
        in_all=Kept(leases=1, recorded=1),
        rows=(
            Row(act=Act.HOUR_KEY),
            Row(act=Act.LEASE, lost=Then(kept=Kept(leases=1), in_all=Kept(leases=2, recorded=1))),
            Row(
                act=Act.MAIL,
                refused=Then(),
                unmet=Then(kept=Kept(leases=1), in_all=Kept(leases=2, recorded=1)),
                lost=Then(kept=Kept(leases=1, mails=1), in_all=_SENT_AT_THE_SECOND_TRY),
            ),
            Row(
                act=Act.RECORD,
                unmet=Then(kept=Kept(leases=1), in_all=Kept(leases=2, recorded=1)),
                lost=Then(kept=Kept(leases=1, recorded=1)),
            ),
        ),
        wait=_VISIBLE_AGAIN,
        briefly=True,
    ),
    Path(
        function="deliver",
        title="deliver, another worker is at it",
        arrange=_held,
        answer="again",
        rows=_OVER_IN_SILENCE,
        briefly=True,
    ),
    Path(
        function="deliver",
        title="deliver, nothing is owed",
        arrange=_sent,
        answer="done",
        rows=_OVER_IN_SILENCE,
        briefly=True,
    ),
    Path(
        function="deliver",
        title="deliver, handed over twice already",
        arrange=_given_up,
        answer="done",
        rows=_OVER_IN_SILENCE,
        briefly=True,
    ),
    Path(
        function="deliver",
        title="deliver, unknown id",
        arrange=_forgotten,
        answer="done",
        rows=_OVER_IN_SILENCE,
        briefly=True,
    ),
    Path(function="deliver", title="deliver, not an id", arrange=_garbage, answer="done"),
    Path(function="deliver", title="deliver, too late to begin", arrange=_too_late, answer="again"),
)
