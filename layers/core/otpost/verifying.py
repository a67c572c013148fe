"""Verify a guess: the expected code is computed before the table is touched, then one write decides."""

from dataclasses import dataclass, field
from datetime import datetime

from otpost.challenge import Challenge, Verdict
from otpost.challenge_id import ChallengeId
from otpost.code import Code, derive_attempt_id, derive_code
from otpost.errors import Unavailable
from otpost.ports import ChallengeStore, CodeKeys, IdentityStore, Signer, Spent
from otpost.receipt import Receipts


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What a claimant presents. *code* must be as long as the id says; a repeat brings the same *idempotency_key*."""

    challenge_id: ChallengeId = field(repr=False)
    code: Code
    purpose: str
    transaction_hash: str
    idempotency_key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The claimant controls the address; *receipt* is a signed JWT that says so.

    *repeated* if an earlier request of the same attempt had consumed the challenge; *streak_ended* if the end of the
    failure streak could be recorded.
    """

    challenge: Challenge
    receipt: str = field(repr=False)
    repeated: bool
    streak_ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The attempt proved nothing; *challenge* is the one it was counted on, or None."""

    verdict: Verdict
    challenge: Challenge | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifying:
    """Judges guesses."""

    challenges: ChallengeStore
    identities: IdentityStore
    code_keys: CodeKeys
    signer: Signer
    receipts: Receipts

    def verify(self, guess: Guess, *, now: datetime) -> Accepted | Refused:
        """Spend one attempt and say what it came to.

        A wrong guess is on the identity's streak before it is answered. A right one is signed after the write: if
        signing fails the same request with the same key fetches the receipt, for 300 seconds.
        """
        hour_key = self.code_keys.hour_key(guess.challenge_id.hour)
        code = derive_code(hour_key, guess.challenge_id, purpose=guess.purpose, transaction_hash=guess.transaction_hash)
        attempt_id = derive_attempt_id(hour_key, guess.challenge_id, guess.code, idempotency_key=guess.idempotency_key)
        spent = self.challenges.spend_attempt(
            guess.challenge_id.key,
            attempt_id=attempt_id,
            correct=code.matches(guess.code),
            purpose=guess.purpose,
            transaction_hash=guess.transaction_hash,
            now=now,
        )
        return self._conclude(spent, attempt_id, now)

    def _conclude(self, spent: Spent, attempt_id: bytes, now: datetime) -> Accepted | Refused:
        challenge = spent.challenge
        if spent.verdict is Verdict.ACCEPTED and challenge is not None and challenge.consumed_at is not None:
            ended = self._end_streak(challenge.identity, challenge.consumed_at)
            receipt = self.receipts.sign(challenge, challenge.consumed_at, self.signer)
            repeated = challenge.consumed_at < now
            return Accepted(challenge=challenge, receipt=receipt, repeated=repeated, streak_ended=ended)
        if spent.verdict is Verdict.WRONG_CODE and challenge is not None:
            self.identities.add_failure(challenge.identity, attempt_id=attempt_id)
        return Refused(verdict=spent.verdict, challenge=challenge)

    def _end_streak(self, identity: str, verified_at: datetime) -> bool:
        try:
            self.identities.record_success(identity, verified_at=verified_at)
        except Unavailable:
            return False  # the success stands; the streak stays longer than it need, which errs on the safe side
        return True
