"""Which calls a request makes, seen on the wire."""

from tests.faults.acts import Act, act_of
from tests.faults.rows import Path
from tests.faults.scene import Scene
from tests.functional.stack import Stack


def calls(path: Path, scene: Scene) -> tuple[str, list[Act]]:
    """Return what a cold function answers without a fault, and the calls it makes."""
    scene.begin()
    request = path.arrange(scene)
    stack = Stack(scene.account, functions=(path.function,))
    start = len(scene.account.wire.calls)
    answer = request(stack)
    scene.end()
    return answer, [act_of(call, scene.account) for call in scene.account.wire.calls[start:]]
