"""The same request with the same key: the same challenge, and one mail taken from the windows."""

from tests.simulation.invocation import Invocation
from tests.simulation.laws.law import Change, Known, Law
from tests.simulation.post import ISSUE, Post, Reply
from tests.simulation.trace import key_of

type Asking = tuple[str, str, str]
"""Region, Idempotency-Key, content."""


class Repeats(Law):
    """A key holds for the clock hour of its first request and the whole hour after it."""

    def __init__(self, known: Known) -> None:
        super().__init__(known)
        self._made: dict[Asking, tuple[int, str]] = {}

    def changed(self, change: Change) -> None:
        """A keyed request makes a challenge once."""
        post = change.by.post
        if change.old is not None or post is None or post.key is None:
            return
        hour = _hour(change.by)
        before, _ = self._made.get(_asking(post), (None, ""))
        self.require(before is None or abs(hour - before) > 1, "one keyed request made two challenges")
        self._made[_asking(post)] = hour, change.new.key

    def said(self, post: Post, invocation: Invocation, reply: Reply) -> None:
        """A keyed request is answered with its challenge, while its key holds."""
        if post.route != ISSUE or post.key is None or reply.status not in {202, 429}:
            return
        hour, key = self._made.get(_asking(post), (0, ""))
        if 0 <= _hour(invocation) - hour <= 1:
            self.require(reply.status == 202, "a keyed request was refused although its challenge stands")
            self.require(key_of(str(reply.body["challenge_id"])) == key, "one keyed request was given two challenges")


def _asking(post: Post) -> Asking:
    return post.region, post.key or "", post.content


def _hour(invocation: Invocation) -> int:
    return int(invocation.began.timestamp() // 3600)
