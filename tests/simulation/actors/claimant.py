"""Somebody who proves control of an address, through a relying party that repeats what was not answered."""

from tests.simulation.actors.cast import Cast, Script, seconds
from tests.simulation.post import CANCEL, RESEND, STATUS, Post


def claimant(cast: Cast) -> Script:
    """Ask for a code, wait for the mail, mistype perhaps, type it, and fetch the success again."""
    asking = cast.asking()
    reply = yield from cast.opening(asking)
    if reply is None or not reply.done:
        return reply
    token = str(reply.body["challenge_id"])
    yield from _wait_for_mail(cast, token, asking)
    code = cast.mailed_code(token, asking)
    if code is None:
        return None
    for _ in range(cast.dice.choice((0, 0, 1, 2))):
        yield from cast.insisting(cast.guess(token, asking, cast.wrong(token), cast.key()))
    typed = code if cast.dice.random() < 0.8 else f"{code[:3]} {code[3:]}"
    guess = cast.guess(token, asking, typed, cast.key(0.85))
    cast.kept.append(guess)
    reply = yield from cast.insisting(guess)
    for _ in range(cast.dice.choice((0, 1, 2))):
        yield seconds(cast.dice.choice((0, 1, 150, 299, 301)))
        reply = yield guess.again()
    if cast.dice.random() < 0.2:
        reply = yield from cast.opening(asking.again())
    return reply


def _wait_for_mail(cast: Cast, token: str, asking: Post) -> Script:
    for _ in range(cast.dice.randint(1, 6)):
        if cast.mailed_code(token, asking) is not None:
            break
        yield seconds(cast.dice.choice((0.2, 1, 5, 20, 95)))
        match cast.dice.choice(("wait", "wait", "wait", "status", "resend", "ask again")):
            case "status":
                yield cast.about(token, asking, STATUS)
            case "resend":
                yield cast.about(token, asking, RESEND)
            case "ask again":
                yield from cast.opening(asking.again(), 1)
    if cast.dice.random() < 0.05:
        yield cast.about(token, asking, CANCEL)
    return None
