"""The three things the product does, on fakes of everything around them."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from otpost.address import EmailAddress, IdentityCase
from otpost.challenge import Challenge
from otpost.challenge_id import ChallengeKey
from otpost.code import Code, derive_code
from otpost.delivering import Delivering
from otpost.issuing import ChallengeRequest, Issued, Issuing
from otpost.message import Composer
from otpost.policy import Lifetime, Policy, Streak
from otpost.pseudonym import Pseudonyms
from otpost.receipt import Receipts
from otpost.verifying import Accepted, Guess, Refused, Verifying
from otpost.window import Windows
from tests.contract.samples import NOW, WINDOWS
from tests.fakes.challenges import MemoryChallenges
from tests.fakes.identities import MemoryIdentities
from tests.fakes.keys import MemoryCodeKeys, MemoryIdentityKey, MemorySigner
from tests.fakes.mail import MemoryMailer, MemoryOutbox

REGION = "eu-central-1"
SHORT = Lifetime(life=timedelta(seconds=300), maximum=timedelta(seconds=600))
LONG = Lifetime(life=timedelta(seconds=600), maximum=timedelta(seconds=86_400))
POLICY = Policy(
    purposes={"sign_in": SHORT, "transaction": SHORT, "verify_email": LONG, "recovery": LONG},
    digits=6,
    attempts=5,
    streak=Streak(step_up=20, refuse=60),
    windows=WINDOWS,
)
UNLIMITED = Windows(
    address_interval=timedelta(microseconds=1), address_hour=10, address_day=10, source_hour=10**6, stack_day=10**8
)
COMPOSER = Composer(
    brand="Example",
    sender="no-reply@otpost.example",
    site_origin="https://app.example",
    support="help@otpost.example",
)
LEASE = timedelta(seconds=15)
IDEMPOTENCY_KEY = "b5f0e3f2-0c4e-4d6f-9f55-7f1f0d0c8a11"
PAYMENT = {"payee": "Ünal & Söhne", "amount": "12,00 €"}
KEYED: dict[str, Any] = {
    "idempotency_key": IDEMPOTENCY_KEY,
    "principal": "111122223333/AROAEXAMPLE",
    "purpose": "transaction",
    "transaction": PAYMENT,
    "nonce": "n-1",
    "locale": "en",
    "source_ip": "192.0.2.1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One stack."""

    policy: Policy = POLICY
    identity_case: IdentityCase = IdentityCase.ASCII_LOWER
    challenges: MemoryChallenges = field(default_factory=MemoryChallenges)
    identities: MemoryIdentities = field(default_factory=MemoryIdentities)
    outbox: MemoryOutbox = field(default_factory=MemoryOutbox)
    mailer: MemoryMailer = field(default_factory=MemoryMailer)
    code_keys: MemoryCodeKeys = field(default_factory=MemoryCodeKeys)
    identity_key: MemoryIdentityKey = field(default_factory=MemoryIdentityKey)
    signer: MemorySigner = field(default_factory=MemorySigner)

    @property
    def issuing(self) -> Issuing:
        """Return what the issue function runs."""
        return Issuing(
            challenges=self.challenges,
            identities=self.identities,
            outbox=self.outbox,
            identity_key=self.identity_key,
            identity_case=self.identity_case,
            policy=self.policy,
            region=REGION,
        )

    @property
    def verifying(self) -> Verifying:
        """Return what the verify function runs."""
        return Verifying(
            challenges=self.challenges,
            identities=self.identities,
            code_keys=self.code_keys,
            signer=self.signer,
            receipts=Receipts(issuer="https://otp.example", audience="https://app.example"),
        )

    @property
    def delivering(self) -> Delivering:
        """Return what the deliver function runs."""
        return Delivering(
            challenges=self.challenges,
            code_keys=self.code_keys,
            composer=COMPOSER,
            mailer=self.mailer,
            region=REGION,
            lease=LEASE,
        )

    def state(self) -> object:
        """Return all that the stack holds, to compare before and after."""
        return self.challenges.state(), self.identities.state(), self.outbox.tokens, self.mailer.sent

    def issued(self, *, after: timedelta = timedelta(), **changes: Any) -> Issued:
        """Issue a challenge that long after NOW, or fail."""
        answer = self.issuing.issue(asking(**changes), now=NOW + after)
        assert isinstance(answer, Issued)
        return answer

    def code(self, issued: Issued) -> Code:
        """Return the right code of a challenge."""
        challenge = issued.challenge
        return derive_code(
            self.code_keys.hour_key(issued.challenge_id.hour),
            issued.challenge_id,
            purpose=challenge.purpose,
            transaction_hash=challenge.transaction_hash,
        )

    def wrong_code(self, issued: Issued, number: int = 0) -> Code:
        """Return one of the wrong codes of a challenge; each *number* gives another."""
        digits = self.code(issued).digits
        return Code(f"{(int(digits) + 1 + number) % 10 ** len(digits):0{len(digits)}d}")

    def guess(
        self, issued: Issued, code: Code, *, after: timedelta = timedelta(), **changes: Any
    ) -> Accepted | Refused:
        """Present *code* that long after NOW; *changes* say what else is different from what was issued."""
        guess = Guess(
            challenge_id=issued.challenge_id,
            code=code,
            purpose=issued.challenge.purpose,
            transaction_hash=issued.challenge.transaction_hash,
        )
        return self.verifying.verify(replace(guess, **changes), now=NOW + after)

    def accepted(self, issued: Issued, *, after: timedelta = timedelta(), **changes: Any) -> Accepted:
        """Present the right code, or fail."""
        answer = self.guess(issued, self.code(issued), after=after, **changes)
        assert isinstance(answer, Accepted)
        return answer

    def standing(self, key: ChallengeKey) -> Challenge:
        """Return a challenge as it stands, or fail."""
        found = self.challenges.find(key)
        assert found is not None
        return found

    def failures(self, email: str = "ada@example.com") -> int:
        """Return the failure streak of an address."""
        names = Pseudonyms(key=self.identity_key.key(), case=self.identity_case)
        return self.identities.failures(names.identity(EmailAddress.parse(email)))

    def fail(self, times: int, email: str = "ada@example.com") -> None:
        """Add failures to the streak of an address."""
        names = Pseudonyms(key=self.identity_key.key(), case=self.identity_case)
        before = self.failures(email)
        for number in range(times):
            attempt_id = (before + number).to_bytes(16)
            self.identities.add_failure(names.identity(EmailAddress.parse(email)), attempt_id=attempt_id)


def asking(*, email: str = "ada@example.com", **changes: Any) -> ChallengeRequest:
    """Return what a relying party asks for: a sign-in code, unless *changes* say otherwise."""
    plain = ChallengeRequest(email=EmailAddress.parse(email), purpose="sign_in", principal="anonymous")
    return replace(plain, **changes)
