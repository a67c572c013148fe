"""Issue a challenge, send its code again: both draw on the windows and put one id into the outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from otpost import crypto
from otpost.address import EmailAddress, IdentityCase
from otpost.challenge import Challenge, Verdict
from otpost.challenge_id import ChallengeId, hour_of
from otpost.policy import Policy, Terms
from otpost.ports import ChallengeStore, Draw, IdentityKey, IdentityStore, Opened, Outbox
from otpost.pseudonym import Pseudonyms
from otpost.transaction import transaction_hash
from otpost.window import STACK_SHARDS, Limit, RateLimited

LOCKED_RETRY_AFTER = timedelta(days=1)
"""A streak does not lapse by itself; asking more than once a day whether an operator lifted it is pointless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeRequest:
    """What a relying party asks for. *principal* is who asks, *source_ip* where the claimant's request came from."""

    email: EmailAddress = field(repr=False)
    purpose: str
    locale: str | None = None
    transaction: Mapping[str, str] | None = field(default=None, repr=False)
    nonce: str | None = field(default=None, repr=False)
    principal: str = field(repr=False)
    idempotency_key: str | None = field(default=None, repr=False)
    source_ip: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A challenge whose mail is on its way; *repeated* if an earlier request with the same key had made it."""

    challenge_id: ChallengeId = field(repr=False)
    challenge: Challenge
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuing:
    """Issues challenges. It holds no CodeKey, so it cannot compute a code."""

    challenges: ChallengeStore
    identities: IdentityStore
    outbox: Outbox
    identity_key: IdentityKey
    identity_case: IdentityCase
    policy: Policy
    region: str

    def issue(self, request: ChallengeRequest, *, now: datetime) -> Issued | RateLimited:
        """Open a challenge and ask for its mail; the same request with the same key finds the same challenge.

        The key holds for the clock hour of the first request and the whole hour after it.
        """
        names = self._pseudonyms()
        terms = self.policy.terms(self.identities.failures(names.identity(request.email)))
        if terms is None:
            locked = RateLimited(limit=Limit.FAILURE_STREAK, retry_after=LOCKED_RETRY_AFTER)
            return self._standing(self._ids(request, names, self.policy.digits, now)) or locked
        ids = self._ids(request, names, terms.code_length, now)
        challenge = self._challenge(request, ids[0], names, terms, now)
        siblings = {sibling.key: sibling for sibling in ids}
        opened = self.challenges.open(
            challenge,
            siblings=frozenset(siblings) - {challenge.key},
            draw=self._draw(challenge, names.source(request.source_ip)),
            now=now,
        )
        if isinstance(opened, Opened):
            return self._issued(siblings[opened.challenge.key], opened)
        return opened

    def resend(
        self, challenge_id: ChallengeId, *, source_ip: str | None, now: datetime
    ) -> Issued | RateLimited | Verdict:
        """Mail the same code again and extend its life from *now*, never beyond the hard maximum."""
        challenge = self.challenges.find(challenge_id.key)
        if challenge is None:
            return Verdict.UNKNOWN
        renewed = replace(
            challenge,
            expires_at=min(now + challenge.life, challenge.latest),
            resend_at=now + self.policy.windows.address_interval,
        )
        draw = self._draw(challenge, self._pseudonyms().source(source_ip))
        refused = self.challenges.ask_again(renewed, draw=draw, now=now)
        if refused is not None:
            return refused
        self.outbox.put(challenge_id.token)
        return Issued(challenge_id=challenge_id, challenge=renewed)

    def _pseudonyms(self) -> Pseudonyms:
        return Pseudonyms(key=self.identity_key.key(), case=self.identity_case)

    def _draw(self, challenge: Challenge, source: str | None) -> Draw:
        return Draw(
            windows=self.policy.windows,
            address=challenge.window,
            source=source,
            shard=int(challenge.key[:8], 16) % STACK_SHARDS,
        )

    def _standing(self, ids: Sequence[ChallengeId]) -> Issued | None:
        """Return what an earlier request with the same key made, if it did; that outranks every refusal."""
        for challenge_id in ids:
            challenge = self.challenges.find(challenge_id.key)
            if challenge is not None:
                return self._issued(challenge_id, Opened(challenge=challenge, repeated=True))
        return None

    def _issued(self, challenge_id: ChallengeId, opened: Opened) -> Issued:
        if opened.challenge.mail_owed:
            self.outbox.put(challenge_id.token)
        return Issued(challenge_id=challenge_id, challenge=opened.challenge, repeated=opened.repeated)

    def _ids(self, request: ChallengeRequest, names: Pseudonyms, code_length: int, now: datetime) -> list[ChallengeId]:
        """Return the id to issue, then the ids under which the same request may already stand."""
        hour = hour_of(now)
        if request.idempotency_key is None:
            return [self._id(hour, code_length, crypto.fresh_entropy())]
        entropy = names.repeated(
            request.principal,
            request.idempotency_key,
            str(request.email),
            request.purpose,
            request.locale or "",
            transaction_hash(request.transaction),
            request.nonce or "",
        )
        lengths = sorted(self.policy.code_lengths() | {code_length}, key=lambda n: n != code_length)
        hours = (hour, hour - 1, hour + 1)  # the hour ahead: a slow first request may meet its own repeat there
        return [self._id(at, length, entropy) for at in hours for length in lengths]

    def _id(self, hour: int, code_length: int, entropy: bytes) -> ChallengeId:
        return ChallengeId(region=self.region, hour=hour, code_length=code_length, entropy=entropy)

    def _challenge(
        self, request: ChallengeRequest, challenge_id: ChallengeId, names: Pseudonyms, terms: Terms, now: datetime
    ) -> Challenge:
        lifetime = self.policy.purposes[request.purpose]
        return Challenge(
            key=challenge_id.key,
            email=str(request.email),
            identity=names.identity(request.email),
            window=names.window(request.email),
            purpose=request.purpose,
            transaction=request.transaction,
            transaction_hash=transaction_hash(request.transaction),
            nonce=request.nonce,
            locale=request.locale,
            code_length=terms.code_length,
            attempts_allowed=terms.attempts,
            issued_at=now,
            life=lifetime.life,
            expires_at=now + lifetime.life,
            latest=now + lifetime.maximum,
            resend_at=now + self.policy.windows.address_interval,
        )
