"""Those who guess, race and bombard. They know the ids of challenges, which is more than they should."""

from tests.simulation.actors.cast import Cast, Script, seconds


def guesser(cast: Cast) -> Script:
    """Guess on whatever challenge there is, mostly wrong; some guesses with the key of another."""
    keys = [cast.key(0.5) for _ in range(3)]
    for _ in range(cast.dice.randint(3, 12)):
        if not cast.opened:
            yield seconds(cast.dice.choice((0.1, 1, 10)))
            continue
        token, made = cast.dice.choice(cast.opened)
        right = cast.dice.random() < 0.15
        code = (cast.world.code(token) if right else None) or cast.wrong(token)
        yield cast.guess(token, made, code, cast.dice.choice(keys))
        if cast.dice.random() < 0.2:
            yield seconds(cast.dice.choice((0.1, 3, 40)))
    return None


def besieger(cast: Cast) -> Script:
    """Open a challenge for the victim again and again, and guess each to its end, day after day."""
    victim = cast.dice.choice(cast.addresses)
    for _ in range(cast.dice.randint(3, 8)):
        asking = cast.asking(key=None)
        asking = cast.asking(key=None, members={**asking.members, "email": victim})
        reply = yield from cast.opening(asking, 1)
        if reply is not None and reply.done:
            token = str(reply.body["challenge_id"])
            for _ in range(cast.dice.randint(1, 6)):
                reply = yield cast.guess(token, asking, cast.wrong(token), cast.key(0.3))
                if reply is not None and reply.status == 410:
                    break
        yield seconds(cast.dice.choice((1, 30, 31, 300, 3600, 86_400)))
    return None


def hoarder(cast: Cast) -> Script:
    """Open as many challenges of the victim as there may be at once, then guess on all of them, day after day."""
    victim, windows = cast.dice.choice(cast.addresses), cast.world.plan.policy.windows
    for _ in range(cast.dice.randint(1, 3)):
        hoard = []
        for _ in range(min(windows.address_hour, windows.address_day)):
            asking = cast.asking(key=None, members={"email": victim, "purpose": "recovery"})
            reply = yield from cast.opening(asking, 2)
            if reply is not None and reply.done:
                hoard.append((str(reply.body["challenge_id"]), asking))
            yield windows.address_interval
        for token, asking in hoard * cast.dice.randint(1, 3):
            yield cast.guess(token, asking, cast.wrong(token), None)
        yield seconds(cast.dice.choice((3600, 86_400)))
    return None


def rival(cast: Cast) -> Script:
    """Present the right code of a challenge once more, at the same time as its claimant, under another key."""
    for _ in range(cast.dice.randint(1, 6)):
        yield seconds(cast.dice.choice((0, 0.1, 1, 5)))
        if not cast.opened:
            continue
        token, made = cast.opened[-1]
        code = cast.world.code(token)
        if code is not None:
            guess = cast.guess(token, made, code, cast.key())
            cast.kept.append(guess)
            yield from cast.insisting(guess, 2)
    return None


def stranger(cast: Cast) -> Script:
    """Have mail sent to the victim, under every alias, as much as can be."""
    for _ in range(cast.dice.randint(3, 10)):
        yield from cast.opening(cast.asking(key=cast.key(0.2), region=next(iter(cast.world.regions))), 1)
        yield seconds(cast.dice.choice((0, 1, 29.999, 30, 1200)))
    return None
