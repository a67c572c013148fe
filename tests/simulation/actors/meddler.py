"""Somebody who calls what exists, at any time, also where it makes no sense."""

from typing import Any

from tests.simulation.actors.cast import Cast, Script, seconds
from tests.simulation.post import CANCEL, RESEND, STATUS, VERIFY, Post

_UNKNOWN = "AQYAB5yeDGV1LWNlbnRyYWwtMQAAAAAAAAAAAAAAAAAAAAA"


def meddler(cast: Cast) -> Script:
    """Cancel, resend, ask for the status; name another Region, another purpose, nothing that exists."""
    for _ in range(cast.dice.randint(2, 8)):
        yield seconds(cast.dice.choice((0, 0.5, 5, 31, 200)))
        if not cast.opened:
            continue
        token, made = cast.dice.choice(cast.opened)
        post = cast.about(token, made, cast.dice.choice((STATUS, STATUS, RESEND, RESEND, CANCEL, VERIFY)))
        yield _astray(cast, token, made) if post.route == VERIFY else _perhaps_elsewhere(cast, post)
    return None


def _perhaps_elsewhere(cast: Cast, post: Post) -> Post:
    """Name the challenge to another Region, or one that nobody made."""
    if cast.dice.random() < 0.2:
        other = cast.dice.choice(list(cast.world.regions))
        return Post(region=other, route=post.route, members=post.members)
    if cast.dice.random() < 0.1:
        return Post(region=post.region, route=post.route, members={"challenge_id": _UNKNOWN})
    return post


def _astray(cast: Cast, token: str, made: Post) -> Post:
    """Present the right code for something else, elsewhere, or in another form."""
    code = cast.world.code(token) or "123456"
    guess = cast.guess(token, made, code, cast.key())
    changed: dict[str, Any]
    match cast.dice.choice(("purpose", "transaction", "region", "length", "type")):
        case "purpose":
            changed = {"purpose": "recovery"}
        case "transaction":
            changed = {"transaction": {"payee": "Mallory"}}
        case "length":
            changed = {"code": code + "0" if len(code) < 10 else code[1:]}
        case "type":
            changed = {"code": int(code)}
        case _:
            region = next(name for name in cast.world.regions if name != made.region)
            return Post(region=region, route=VERIFY, members=guess.members, key=guess.key)
    return Post(region=made.region, route=VERIFY, members={**guess.members, **changed}, key=guess.key)
