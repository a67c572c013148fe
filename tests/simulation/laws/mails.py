"""The mails of a challenge: the same code, to its address, at most two handings over for each that was asked for."""

from collections import Counter
from datetime import datetime

from otpost.challenge import Challenge, Delivery
from otpost.challenge_id import ChallengeKey
from otpost.ports import Sending
from tests.fakes.mail import SentMail
from tests.simulation.invocation import Invocation
from tests.simulation.laws.law import Change, Known, Law
from tests.simulation.region import code_in

HANDINGS = 2


class Mails(Law):
    """Nothing is mailed twice as often as it may be, to somebody else, with another code, or when it is over."""

    def __init__(self, known: Known) -> None:
        super().__init__(known)
        self._codes: dict[ChallengeKey, str] = {}
        self._handings: Counter[ChallengeKey] = Counter()
        self._leased_for: dict[tuple[Invocation, ChallengeKey], int] = {}
        self._covered: dict[ChallengeKey, int] = {}
        self._rejected: set[ChallengeKey] = set()

    def leased(self, region: str, challenge: Challenge, now: datetime, by: Invocation) -> None:  # noqa: ARG002
        """A mail is leased only while its code can still be used."""
        self.require(challenge.consumed_by is None, "a mail of a consumed challenge was leased")
        self.require(challenge.cancelled_at is None, "a mail of a cancelled challenge was leased")
        self.require(len(challenge.tries) < challenge.attempts_allowed, "a mail without attempts left was leased")
        self.require(now < challenge.expires_at, "a mail of an expired challenge was leased")
        self.require(by.function == "deliver", "something other than deliver leased a mail")
        self._leased_for[by, challenge.key] = challenge.mails_asked

    def handed(self, region: str, mail: SentMail, by: Invocation) -> None:
        """Count a handing over, and read the mail as its claimant does."""
        challenge = self.known.regions[region].challenges.standing[mail.key]
        self.require((by, mail.key) in self._leased_for, "a mail was handed over without a lease")
        self.require(mail.to == challenge.email, "a mail went to another address")
        code = code_in(mail.mime)
        self.require(len(code) == challenge.code_length, "a code has another length")
        self.require(self._codes.setdefault(mail.key, code) == code, "two mails of one challenge carry different codes")
        self._handings[mail.key] += 1
        most = HANDINGS * challenge.mails_asked
        self.require(self._handings[mail.key] <= most, f"{self._handings[mail.key]} handings over, {most} are allowed")
        covered = self._leased_for[by, mail.key]
        self._covered[mail.key] = max(covered, self._covered.get(mail.key, 0))

    def refused(self, region: str, key: ChallengeKey, said: Sending) -> None:  # noqa: ARG002
        """Note a mail that the transport refuses for good."""
        if said is Sending.REJECTED:
            self._rejected.add(key)

    def changed(self, change: Change) -> None:
        """A mail is recorded as sent only if one was handed over after it was asked for."""
        before, new = (change.old.mails_sent if change.old else 0), change.new
        self.require(new.mails_sent >= before, "fewer mails were sent than before")
        if new.mails_sent == before:
            return
        self.require(new.mails_sent <= new.mails_asked, "more mails were recorded than asked for")
        if new.delivery is Delivery.FAILED:
            self.require(new.key in self._rejected, "a mail was recorded as refused that nobody refused")
        else:
            self.require(self._covered.get(new.key, 0) >= new.mails_sent, "a mail was recorded that was never sent")
