"""The fault table: every path through every function, every call on it, and what its failing leads to."""

from tests.faults import delivering, issuing, verifying
from tests.faults.acts import Act
from tests.faults.issuing import said
from tests.faults.rows import Path, Row
from tests.faults.scene import Request, Scene
from tests.functional.events import http_event
from tests.functional.stack import STATUS


def _status(challenge_id: str) -> Request:
    return lambda stack: said(stack.post(STATUS, {"challenge_id": challenge_id}))


def _known(scene: Scene) -> Request:
    scene.mailed()
    return _status(scene.challenge_id)


def _unknown(scene: Scene) -> Request:
    scene.issued()
    scene.account.clear()
    return _status(scene.challenge_id)


def _garbage(_: Scene) -> Request:
    return _status("no id")


def _get(path: str) -> Path:
    rows = (Row(act=Act.PUBLIC_KEY),) if path.endswith("jwks.json") else ()

    def arrange(scene: Scene) -> Request:
        return lambda stack: said(stack.serve(http_event(f"GET {path}")))

    return Path(function="keys", title=f"GET {path}", arrange=arrange, answer="200", rows=rows)


TABLE: tuple[Path, ...] = (
    *issuing.PATHS,
    *verifying.PATHS,
    Path(function="status", title="status", arrange=_known, answer="200", rows=(Row(act=Act.FIND),)),
    Path(
        function="status",
        title="status, unknown id",
        arrange=_unknown,
        answer="404 unknown_challenge",
        rows=(Row(act=Act.FIND),),
        briefly=True,
    ),
    Path(function="status", title="status, not an id", arrange=_garbage, answer="404 unknown_challenge"),
    *delivering.PATHS,
    _get("/.well-known/jwks.json"),
    _get("/openapi.json"),
    _get("/v1/health"),
)
