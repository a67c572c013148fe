"""A stack in memory that speaks DESIGN's HTTP contract: for the command's and the page's own tests, nothing else.

The whole story that `otpost demo` tells runs against this fake and against the real sandbox, so the two cannot drift.
"""

import base64
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

LIFE = timedelta(seconds=300)
HARD_MAXIMUM = timedelta(seconds=600)
PURPOSES = frozenset({"sign_in", "verify_email", "recovery", "transaction"})
KEY_ID = "fake-1"


class Refusal(Exception):
    def __init__(self, status: int, code: str, detail: str, **members: object) -> None:
        super().__init__(code)
        self.status = status
        self.members: dict[str, object] = {
            "type": "about:blank", "title": code, "status": status, "detail": detail, "code": code, **members,
        }  # fmt: skip


@dataclass
class Challenge:
    email: str
    purpose: str
    transaction: dict[str, str] | None
    nonce: str | None
    issued_at: datetime
    expires_at: datetime
    digits: str
    challenge_id: str = field(default_factory=lambda: f"1.fake.{secrets.token_urlsafe(18)}")
    reference: str = "KQ7"
    tries: set[str] = field(default_factory=set)
    consumed_by: str | None = None
    consumed_at: datetime | None = None
    cancelled: bool = False

    def answer(self, resend_at: datetime) -> dict[str, object]:
        return {
            "challenge_id": self.challenge_id,
            "reference": self.reference,
            "purpose": self.purpose,
            "code_length": len(self.digits),
            "expires_at": stamp(self.expires_at),
            "attempts_left": 5 - len(self.tries),
            "resend_at": stamp(resend_at),
        }


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class FakeStack:
    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.reset()

    def reset(self) -> None:
        self.offset = timedelta()
        self.messages: list[dict[str, object]] = []
        self.challenges: dict[str, Challenge] = {}
        self._issued: dict[str, Challenge] = {}
        self._sends: dict[str, list[datetime]] = {}

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def issue(self, body: dict[str, object], key: str | None) -> dict[str, object]:
        email, purpose = body.get("email"), body.get("purpose")
        if not isinstance(email, str) or "@" not in email:
            raise Refusal(400, "invalid_request", "The request is not valid.",
                          errors=[{"pointer": "#/email", "detail": "must be one address"}])  # fmt: skip
        if purpose not in PURPOSES:
            raise Refusal(400, "invalid_request", "The request is not valid.",
                          errors=[{"pointer": "#/purpose", "detail": "must be a known purpose"}])  # fmt: skip
        request = json.dumps([key, body])
        if key and (known := self._issued.get(request)):
            return known.answer(self._resend_at(known))
        self._take_send(email)
        now = self.now()
        transaction, nonce = body.get("transaction"), body.get("nonce")
        challenge = Challenge(
            email=email, purpose=str(purpose), issued_at=now, expires_at=now + LIFE,
            transaction=transaction if isinstance(transaction, dict) else None,
            nonce=nonce if isinstance(nonce, str) else None, digits=f"{secrets.randbelow(10**6):06d}",
        )  # fmt: skip
        self.challenges[challenge.challenge_id] = self._issued[request] = challenge
        self._mail(challenge)
        return challenge.answer(self._resend_at(challenge))

    def verify(self, body: dict[str, object], key: str | None) -> dict[str, object]:
        code = body.get("code")
        if not isinstance(code, str) or len(code) != 6 or not code.isascii() or not code.isdigit():
            raise Refusal(400, "invalid_request", "The request is not valid.",
                          errors=[{"pointer": "#/code", "detail": "must be a string of 6 digits"}])  # fmt: skip
        challenge = self._find(body)
        if (challenge.purpose, challenge.transaction) != (body.get("purpose"), body.get("transaction")):
            raise Refusal(404, "unknown_challenge", "No such challenge.")
        attempt = f"{key}/{code}" if key else secrets.token_hex()
        if challenge.consumed_by != attempt:
            self._require_open(challenge)
            challenge.tries.add(attempt)
            if code != challenge.digits:
                raise Refusal(401, "wrong_code", "The code is wrong.", attempts_left=5 - len(challenge.tries))
            challenge.consumed_by, challenge.consumed_at = attempt, self.now()
        return {"verdict": "accepted", "purpose": challenge.purpose, "email": challenge.email,
                "receipt": self._receipt(challenge)}  # fmt: skip

    def resend(self, body: dict[str, object], _key: str | None) -> dict[str, object]:
        challenge = self._find(body)
        self._require_open(challenge)
        self._take_send(challenge.email)
        challenge.expires_at = min(self.now() + LIFE, challenge.issued_at + HARD_MAXIMUM)
        self._mail(challenge)
        return challenge.answer(self._resend_at(challenge))

    def cancel(self, body: dict[str, object], _key: str | None) -> dict[str, object]:
        challenge = self._find(body)
        if challenge.consumed_by:
            raise Refusal(410, "challenge_consumed", "The code has been used.")
        challenge.cancelled = True
        return {"verdict": "cancelled"}

    def status(self, body: dict[str, object], _key: str | None) -> dict[str, object]:
        challenge = self._find(body)
        return {**challenge.answer(self._resend_at(challenge)), "verdict": self._verdict(challenge), "delivery": "sent"}

    def jwks(self) -> dict[str, object]:
        jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**jwk, "kid": KEY_ID, "alg": "ES256", "use": "sig"}]}

    def _find(self, body: dict[str, object]) -> Challenge:
        challenge = self.challenges.get(str(body.get("challenge_id")))
        if challenge is None:
            raise Refusal(404, "unknown_challenge", "No such challenge.")
        return challenge

    def _verdict(self, challenge: Challenge) -> str:
        if challenge.consumed_by:
            return "accepted"
        if challenge.cancelled:
            return "cancelled"
        if len(challenge.tries) >= 5:
            return "exhausted"
        return "expired" if self.now() >= challenge.expires_at else "open"

    def _require_open(self, challenge: Challenge) -> None:
        verdict = self._verdict(challenge)
        if verdict != "open":
            word = "consumed" if verdict == "accepted" else verdict
            raise Refusal(410, f"challenge_{word}", f"The challenge is {word}.")

    def _resend_at(self, challenge: Challenge) -> datetime:
        return self._sends[challenge.email][-1] + timedelta(seconds=30)

    def _take_send(self, email: str) -> None:
        sends, now = self._sends.setdefault(email, []), self.now()
        for count, window in ((1, 30), (5, 3600), (10, 86400)):
            if len(sends) >= count and sends[-count] > now - timedelta(seconds=window):
                wait = sends[-count] + timedelta(seconds=window) - now
                raise Refusal(429, "rate_limited", f"Too many codes for this address: {count} in {window} s.",
                              limit="address", retry_after=int(wait.total_seconds()) + 1)  # fmt: skip
        sends.append(now)

    def _mail(self, challenge: Challenge) -> None:
        until = f"It works once, until {challenge.expires_at:%H:%M:%S} UTC."
        text = f"{challenge.digits} is your code to sign in at Example.\n\n{until}"
        self.messages.insert(0, {
            "id": secrets.token_hex(8), "to": challenge.email,
            "subject": f"Example: your code, reference {challenge.reference}",
            "text": text, "html": f"<!doctype html><p>{text}</p><a href='https://example.com/'>Example</a>",
            "headers": {"From": "Example <no-reply@example.com>"}, "received_at": stamp(self.now()),
        })  # fmt: skip

    def _receipt(self, challenge: Challenge) -> str:
        assert challenge.consumed_at is not None
        at = int(challenge.consumed_at.timestamp())
        claims = {
            "iss": "https://otp.example.com", "aud": "example",
            "sub": base64.b32encode(challenge.email.encode()).decode(),
            "email": challenge.email, "email_verified": True, "purpose": challenge.purpose, "transaction": "e3b0c442",
            "jti": challenge.challenge_id[-12:], "iat": at, "nbf": at, "exp": at + 300,
        }  # fmt: skip
        nonce = {} if challenge.nonce is None else {"nonce": challenge.nonce}
        return jwt.encode(claims | nonce, self._key, algorithm="ES256", headers={"typ": "receipt+jwt", "kid": KEY_ID})
