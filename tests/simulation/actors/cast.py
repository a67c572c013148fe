"""What the actors of one world share: addresses, the challenge ids that got about, and the ways to ask."""

import random
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.simulation.plan import BOUNCING
from tests.simulation.post import ISSUE, VERIFY, Post, Reply
from tests.simulation.region import code_in
from tests.simulation.trace import key_of
from tests.simulation.world import World

type Script = Generator[Post | timedelta, Reply | None, Reply | None]
"""Yields a request and gets the reply, None if it was lost; or yields how long to wait."""

ADDRESSES = ("Ada.L@gmail.com", "ada.l@gmail.com", "adal+news@googlemail.com", "bob@example.com", "bob+x@example.com")
PAYMENT = {"payee": "Eve Example", "amount": "10.00"}


def seconds(number: float) -> timedelta:
    """Return a wait."""
    return timedelta(seconds=number)


@dataclass(slots=True)
class Cast:
    """*opened* are the challenges whose ids are known, with the requests that made them; *kept*, right guesses made."""

    world: World
    dice: random.Random
    addresses: tuple[str, ...] = ADDRESSES
    opened: list[tuple[str, Post]] = field(default_factory=list)
    kept: list[Post] = field(default_factory=list)

    def region(self) -> str:
        """Return where to ask for a challenge."""
        regions = list(self.world.regions)
        return self.dice.choice(regions) if self.world.plan.two_regions else regions[0]

    def key(self, chance: float = 0.7) -> str | None:
        """Return an Idempotency-Key, or None."""
        return f"key-{self.dice.randrange(10**12):012}" if self.dice.random() < chance else None

    def asking(self, **changes: Any) -> Post:
        """Return a request for a challenge."""
        purpose = self.dice.choice(("sign_in", "sign_in", "transaction", "verify_email"))
        email = BOUNCING if self.dice.random() < 0.05 else self.dice.choice(self.addresses)
        members: dict[str, Any] = {"email": email, "purpose": purpose}
        if purpose == "transaction":
            members["transaction"] = PAYMENT
        if self.dice.random() < 0.3:
            members["nonce"] = f"nonce-{self.dice.randrange(100)}"
        source = f"192.0.{self.dice.randrange(3)}.{self.dice.randrange(250)}"
        plain: dict[str, Any] = {"region": self.region(), "route": ISSUE, "members": members, "key": self.key()}
        return Post(**(plain | {"source_ip": source} | changes))

    def about(self, token: str, made: Post, route: str, **members: Any) -> Post:
        """Return a request about a challenge."""
        return Post(region=made.region, route=route, members={"challenge_id": token, **members})

    def guess(self, token: str, made: Post, code: str, key: str | None) -> Post:
        """Return a guess at a challenge, for what it was issued for."""
        bound = {name: made.members[name] for name in ("purpose", "transaction") if name in made.members}
        return Post(region=made.region, route=VERIFY, members={"challenge_id": token, "code": code, **bound}, key=key)

    def wrong(self, token: str) -> str:
        """Return one of few wrong codes, so that some are tried twice."""
        code = self.world.code(token) or "000000"
        return f"{(int(code) + self.dice.randint(1, 30)) % 10 ** len(code):0{len(code)}d}"

    def mailed_code(self, token: str, made: Post) -> str | None:
        """Return the code that the claimant finds in the mail, if it came."""
        mails = [mail for mail in self.world.inbox(made.members["email"]) if mail.key == key_of(token)]
        return code_in(mails[-1].mime) if mails else None

    def opening(self, post: Post, tries: int = 4) -> Script:
        """Ask for a challenge and let its id get about."""
        reply = yield from self.insisting(post, tries)
        if reply is not None and reply.done:
            self.opened.append((str(reply.body["challenge_id"]), post))
        return reply

    def insisting(self, post: Post, tries: int = 4) -> Script:
        """Send the same request until it is answered."""
        for _ in range(tries):
            reply = yield post
            if reply is not None and reply.status != 503:
                return reply
            yield seconds(self.dice.choice((0, 1, 5)))
            post = post.again()
        return None
