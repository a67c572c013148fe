"""Broken ways to ask for mails and to send them."""

from datetime import datetime
from typing import Any

from otpost.challenge import Challenge
from otpost.challenge_id import ChallengeKey
from otpost.errors import Unavailable
from otpost.ports import NoMail, Outbox
from tests.fakes.challenges import MemoryChallenges
from tests.simulation.step import Wired, wait_for


class SendsWithoutEnd(MemoryChallenges):
    """Tries until the transport answers."""

    def lease_mail(self, key: ChallengeKey, **rest: Any) -> Challenge | NoMail:
        """Forget the handings over so far."""
        self._sends[key] = frozenset()
        return super().lease_mail(key, **rest)


class LeasesWhatIsOver(MemoryChallenges):
    """Sends what is owed, whether or not anybody can use it."""

    def lease_mail(self, key: ChallengeKey, *, lease_id: bytes, until: datetime, now: datetime) -> Challenge | NoMail:
        """Do not ask whether the challenge is over."""
        found = self.standing.get(key)
        if found is not None and found.mail_owed and found.over(now) is not None:
            self._leases[key] = (lease_id, until)
            return found
        return super().lease_mail(key, lease_id=lease_id, until=until, now=now)


class RecordsAllAsked(MemoryChallenges):
    """Takes one mail for all that were asked for by the time it is recorded."""

    def record_sent(self, key: ChallengeKey, *, mails: int) -> None:  # noqa: ARG002
        """Record what is asked now, not what was asked at the lease."""
        super().record_sent(key, mails=self.standing[key].mails_asked)


class HopesForMail(Wired):
    """Answers 202 whether or not the queue took the message."""

    _port: Outbox

    def put(self, token: str) -> None:
        """Swallow the error."""
        try:
            wait_for("put", lambda: self._port.put(token), token)
        except Unavailable:
            return
