"""The table's paths through the issue function: challenges, resends, cancellations."""

from tests.faults.acts import Act
from tests.faults.kept import Kept
from tests.faults.rows import Path, Row, Then
from tests.faults.scene import KEY, Request, Scene
from tests.functional.stack import CANCEL, ISSUE, RESEND, Response

_MAILED = Kept(challenges=1, asked=1, leases=1, recorded=1, mails=1)
_OWED = Kept(challenges=1, asked=1)
_TWO_ASKED_ONE_MAIL = Kept(challenges=2, asked=2, leases=1, recorded=1, mails=1)
_RESENT = Kept(asked=1, leases=1, recorded=1, mails=1)
_BOTH_IN_ONE = Kept(asked=2, leases=1, recorded=2, mails=1)
_KEYS = (Row(act=Act.PSEUDONYM_KEY), Row(act=Act.READ_STREAK))


def said(answer: Response) -> str:
    """Return an answer as the table says it."""
    return " ".join(str(part) for part in answer.outcome if part)


def _issue(key: str | None) -> Request:
    return lambda stack: said(stack.issue(key=key))


def _anew(scene: Scene) -> Request:
    return _issue(KEY)


def _anew_without_a_key(scene: Scene) -> Request:
    return _issue(None)


def _standing(scene: Scene) -> Request:
    scene.issued(key=KEY)
    return _issue(KEY)


def _limited(scene: Scene) -> Request:
    scene.mailed()
    return _issue(KEY)


def _locked(scene: Scene) -> Request:
    scene.mailed()
    scene.lock()
    scene.clock.shift(30)
    return _issue(KEY)


def _locked_and_standing(scene: Scene) -> Request:
    scene.issued(key=KEY)
    scene.lock()
    return _issue(KEY)


def _malformed(scene: Scene) -> Request:
    return lambda stack: said(stack.post(ISSUE, {"email": "ada@example.com, eve@example.com"}))


def _act(route: str, scene: Scene) -> Request:
    return lambda stack: said(stack.post(route, {"challenge_id": scene.challenge_id}))


def _resend(scene: Scene) -> Request:
    scene.mailed()
    scene.clock.shift(30)
    return _act(RESEND, scene)


def _resend_too_soon(scene: Scene) -> Request:
    scene.mailed()
    return _act(RESEND, scene)


def _resend_consumed(scene: Scene) -> Request:
    scene.mailed()
    scene.verified()
    scene.clock.shift(30)
    return _act(RESEND, scene)


def _resend_unknown(scene: Scene) -> Request:
    _forgotten(scene)
    return _act(RESEND, scene)


def _cancel(scene: Scene) -> Request:
    scene.mailed()
    return _act(CANCEL, scene)


def _cancel_consumed(scene: Scene) -> Request:
    scene.mailed()
    scene.verified()
    return _act(CANCEL, scene)


def _cancel_unknown(scene: Scene) -> Request:
    _forgotten(scene)
    return _act(CANCEL, scene)


def _forgotten(scene: Scene) -> None:
    """Have an id whose challenge is gone."""
    scene.issued()
    scene.account.clear()


def _garbage(route: str) -> Path:
    def arrange(scene: Scene) -> Request:
        scene.challenge_id = "no id"
        return _act(route, scene)

    verb = route.rpartition("/")[2]
    return Path(function="issue", title=f"{verb}, not an id", arrange=arrange, answer="404 unknown_challenge")


PATHS: tuple[Path, ...] = (
    Path(
        function="issue",
        title="issue, with a key",
        arrange=_anew,
        answer="202",
        in_all=_MAILED,
        rows=(
            *_KEYS,
            Row(act=Act.OPEN, lost=Then(kept=_OWED)),
            Row(
                act=Act.QUEUE,
                unmet=Then(kept=_OWED),
                lost=Then(kept=Kept(challenges=1, asked=1, queued=1)),
            ),
        ),
    ),
    Path(
        function="issue",
        title="issue, without a key",
        arrange=_anew_without_a_key,
        answer="202",
        in_all=_MAILED,
        rows=(
            *_KEYS,
            Row(act=Act.OPEN, lost=Then(kept=_OWED, in_all=_TWO_ASKED_ONE_MAIL)),
            Row(
                act=Act.QUEUE,
                unmet=Then(kept=_OWED, in_all=_TWO_ASKED_ONE_MAIL),
                lost=Then(
                    kept=Kept(challenges=1, asked=1, queued=1),
                    in_all=Kept(challenges=2, asked=2, leases=2, recorded=2, mails=2),
                ),
            ),
        ),
        wait=30,
        briefly=True,
    ),
    Path(
        function="issue",
        title="issue, again with its key",
        arrange=_standing,
        answer="202",
        in_all=Kept(leases=1, recorded=1, mails=1),
        rows=(*_KEYS, Row(act=Act.OPEN), Row(act=Act.QUEUE, lost=Then(kept=Kept(queued=1)))),
        briefly=True,
    ),
    Path(
        function="issue",
        title="issue, over a limit",
        arrange=_limited,
        answer="429 rate_limited",
        rows=(*_KEYS, Row(act=Act.OPEN)),
        briefly=True,
    ),
    Path(
        function="issue",
        title="issue, for a locked identity",
        arrange=_locked,
        answer="429 rate_limited",
        rows=(*_KEYS, Row(act=Act.FIND)),
        briefly=True,
    ),
    Path(
        function="issue",
        title="issue, again with its key, identity locked since",
        arrange=_locked_and_standing,
        answer="202",
        in_all=Kept(leases=1, recorded=1, mails=1),
        rows=(*_KEYS, Row(act=Act.FIND), Row(act=Act.QUEUE, lost=Then(kept=Kept(queued=1)))),
        briefly=True,
    ),
    Path(function="issue", title="issue, malformed", arrange=_malformed, answer="400 invalid_request"),
    Path(
        function="issue",
        title="resend",
        arrange=_resend,
        answer="202",
        in_all=_RESENT,
        rows=(
            Row(act=Act.FIND),
            Row(act=Act.PSEUDONYM_KEY),
            Row(act=Act.ASK_AGAIN, lost=Then(kept=Kept(asked=1), in_all=_BOTH_IN_ONE)),
            Row(
                act=Act.QUEUE,
                unmet=Then(kept=Kept(asked=1), in_all=_BOTH_IN_ONE),
                lost=Then(kept=Kept(asked=1, queued=1), in_all=_BOTH_IN_ONE),
            ),
        ),
        wait=30,
    ),
    Path(
        function="issue",
        title="resend, over a limit",
        arrange=_resend_too_soon,
        answer="429 rate_limited",
        rows=(Row(act=Act.FIND), Row(act=Act.PSEUDONYM_KEY), Row(act=Act.ASK_AGAIN)),
        briefly=True,
    ),
    Path(
        function="issue",
        title="resend, challenge over",
        arrange=_resend_consumed,
        answer="410 challenge_consumed",
        rows=(Row(act=Act.FIND), Row(act=Act.PSEUDONYM_KEY), Row(act=Act.ASK_AGAIN)),
        briefly=True,
    ),
    Path(
        function="issue",
        title="resend, unknown id",
        arrange=_resend_unknown,
        answer="404 unknown_challenge",
        rows=(Row(act=Act.FIND),),
        briefly=True,
    ),
    _garbage(RESEND),
    Path(
        function="issue",
        title="cancel",
        arrange=_cancel,
        answer="200",
        in_all=Kept(cancelled=1),
        rows=(Row(act=Act.CANCEL, lost=Then(kept=Kept(cancelled=1))),),
    ),
    Path(
        function="issue",
        title="cancel, consumed",
        arrange=_cancel_consumed,
        answer="410 challenge_consumed",
        rows=(Row(act=Act.CANCEL),),
        briefly=True,
    ),
    Path(
        function="issue",
        title="cancel, unknown id",
        arrange=_cancel_unknown,
        answer="404 unknown_challenge",
        rows=(Row(act=Act.CANCEL),),
        briefly=True,
    ),
    _garbage(CANCEL),
)
