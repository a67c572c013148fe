"""The table's paths through the verify function."""

from collections.abc import Callable

from tests.faults.acts import Act
from tests.faults.issuing import said
from tests.faults.kept import Kept
from tests.faults.rows import Path, Row, Then
from tests.faults.scene import KEY, Request, Scene
from tests.functional.stack import CANCEL, wrong

_ACCEPTED = Kept(tries=1, consumed=1, failures=-1, verified=1)
_SPENT = Kept(tries=1, consumed=1)
_COUNTED = Kept(tries=1, failures=1)
_USED = "410 challenge_consumed"


def _guess(scene: Scene, *, right: bool, key: str | None) -> Request:
    scene.guess = right
    code = scene.code if right else wrong(scene.code)
    return lambda stack: said(stack.verify(scene.challenge_id, code, key=key))


def _open(*, right: bool, key: str | None) -> Callable[[Scene], Request]:
    """Have a challenge on which one wrong code was entered already, if this one is right: a streak that will end."""

    def arrange(scene: Scene) -> Request:
        scene.mailed()
        scene.failed(1 if right else 0)
        return _guess(scene, right=right, key=key)

    return arrange


def _right_again(scene: Scene) -> Request:
    scene.mailed()
    scene.verified(key=KEY)
    scene.clock.shift(1)
    return _guess(scene, right=True, key=KEY)


def _late(scene: Scene) -> Request:
    scene.mailed()
    scene.clock.shift(300)
    return _guess(scene, right=True, key=KEY)


def _used(scene: Scene) -> Request:
    scene.mailed()
    scene.verified()
    return _guess(scene, right=False, key=KEY)


def _cancelled(scene: Scene) -> Request:
    scene.mailed()
    scene.warm.post(CANCEL, {"challenge_id": scene.challenge_id})
    return _guess(scene, right=True, key=KEY)


def _exhausted(scene: Scene) -> Request:
    scene.mailed()
    scene.failed(5)
    return _guess(scene, right=True, key=KEY)


def _forgotten(scene: Scene) -> Request:
    scene.mailed()
    scene.account.clear()
    return _guess(scene, right=True, key=KEY)


def _garbage(scene: Scene) -> Request:
    return lambda stack: said(stack.verify("no id", "123456"))


def _refused(title: str, arrange: Callable[[Scene], Request], answer: str, act: Act) -> Path:
    return Path(
        function="verify",
        title=f"verify, {title}",
        arrange=arrange,
        answer=answer,
        rows=(Row(act=Act.HOUR_KEY), Row(act=act)),
        briefly=True,
    )


PATHS: tuple[Path, ...] = (
    Path(
        function="verify",
        title="verify, right code, with a key",
        arrange=_open(right=True, key=KEY),
        answer="200",
        in_all=_ACCEPTED,
        rows=(
            Row(act=Act.HOUR_KEY),
            Row(act=Act.SPEND_AND_CONSUME, lost=Then(kept=_SPENT)),
            Row(
                act=Act.END_STREAK,
                unmet=Then(answer="200", kept=_SPENT, later="200"),
                lost=Then(answer="200", kept=_ACCEPTED, later="200"),
            ),
            Row(act=Act.SIGN, unmet=Then(kept=_ACCEPTED)),
        ),
    ),
    Path(
        function="verify",
        title="verify, right code, without a key",
        arrange=_open(right=True, key=None),
        answer="200",
        in_all=_ACCEPTED,
        rows=(
            Row(act=Act.HOUR_KEY),
            Row(act=Act.SPEND_AND_CONSUME, lost=Then(kept=_SPENT, later=_USED, in_all=_SPENT)),
            Row(
                act=Act.END_STREAK,
                unmet=Then(answer="200", kept=_SPENT, later=_USED, in_all=_SPENT),
                lost=Then(answer="200", kept=_ACCEPTED, later=_USED),
            ),
            Row(act=Act.SIGN, unmet=Then(kept=_ACCEPTED, later=_USED)),
        ),
        briefly=True,
    ),
    Path(
        function="verify",
        title="verify, right code, again with its key",
        arrange=_right_again,
        answer="200",
        rows=(
            Row(act=Act.HOUR_KEY),
            Row(act=Act.SPEND_AND_CONSUME),
            Row(act=Act.END_STREAK, unmet=Then(answer="200")),
            Row(act=Act.SIGN),
        ),
        briefly=True,
    ),
    Path(
        function="verify",
        title="verify, wrong code, with a key",
        arrange=_open(right=False, key=KEY),
        answer="401 wrong_code",
        in_all=_COUNTED,
        rows=(
            Row(act=Act.HOUR_KEY),
            Row(act=Act.SPEND, lost=Then(kept=Kept(tries=1))),
            Row(act=Act.COUNT_FAILURE, unmet=Then(kept=Kept(tries=1)), lost=Then(kept=_COUNTED)),
        ),
    ),
    Path(
        function="verify",
        title="verify, wrong code, without a key",
        arrange=_open(right=False, key=None),
        answer="401 wrong_code",
        in_all=_COUNTED,
        rows=(
            Row(act=Act.HOUR_KEY),
            Row(act=Act.SPEND, lost=Then(kept=Kept(tries=1), in_all=Kept(tries=2, failures=1))),
            Row(
                act=Act.COUNT_FAILURE,
                unmet=Then(kept=Kept(tries=1), in_all=Kept(tries=2, failures=1)),
                lost=Then(kept=_COUNTED, in_all=Kept(tries=2, failures=2)),
            ),
        ),
        briefly=True,
    ),
    _refused("expired", _late, "410 challenge_expired", Act.SPEND_AND_CONSUME),
    _refused("consumed", _used, _USED, Act.SPEND),
    _refused("cancelled", _cancelled, "410 challenge_cancelled", Act.SPEND_AND_CONSUME),
    _refused("exhausted", _exhausted, "410 challenge_exhausted", Act.SPEND_AND_CONSUME),
    _refused("unknown id", _forgotten, "404 unknown_challenge", Act.SPEND_AND_CONSUME),
    Path(function="verify", title="verify, not an id", arrange=_garbage, answer="404 unknown_challenge"),
)
