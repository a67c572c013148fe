"""Somebody who asks for the same code again, and mistypes it meanwhile."""

from tests.simulation.actors.cast import Cast, Script, seconds
from tests.simulation.post import RESEND, STATUS


def forgetful(cast: Cast) -> Script:
    """Succeed with one challenge, mistype another of the same identity, and fetch the first success again."""
    first = cast.asking()
    reply = yield from cast.opening(first)
    if reply is None or not reply.done:
        return reply
    token = str(reply.body["challenge_id"])
    yield cast.world.plan.policy.windows.address_interval
    second = cast.asking(members={**first.members, "nonce": "another"}, region=first.region)
    reply = yield from cast.opening(second)
    code = cast.world.code(token)
    if code is None or reply is None or not reply.done:
        return reply
    guess = cast.guess(token, first, code, cast.key(1))
    cast.kept.append(guess)
    yield from cast.insisting(guess)
    other = str(reply.body["challenge_id"])
    for _ in range(cast.dice.randint(1, 4)):
        yield cast.guess(other, second, cast.wrong(other), cast.key())
        yield guess.again()
    return None


def patient(cast: Cast) -> Script:
    """Have the code sent again as soon as it may be, with wrong guesses in between; then type it."""
    asking = cast.asking()
    reply = yield from cast.opening(asking)
    if reply is None or not reply.done:
        return reply
    token = str(reply.body["challenge_id"])
    pause = cast.world.plan.policy.windows.address_interval.total_seconds()
    for _ in range(cast.dice.randint(1, 4)):
        yield seconds(pause + cast.dice.choice((-0.001, 0, 0.4, 16)))
        yield from cast.insisting(cast.about(token, asking, RESEND), 2)
        for _ in range(cast.dice.choice((0, 0, 1, 2))):
            yield cast.guess(token, asking, cast.wrong(token), cast.key())
    yield cast.about(token, asking, STATUS)
    code = cast.mailed_code(token, asking)
    if code is not None:
        guess = cast.guess(token, asking, code, cast.key(0.8))
        cast.kept.append(guess)
        yield from cast.insisting(guess)
    return None
