"""An Outbox and a Mailer in memory."""

from dataclasses import dataclass
from threading import Lock

from otpost.challenge_id import ChallengeKey
from otpost.ports import Sending
from tests.fakes.line import Line


class MemoryOutbox:
    """Keeps what was put, in order; a queue would hand it out at least once."""

    def __init__(self) -> None:
        self.line = Line()
        self._lock = Lock()
        self._tokens: list[str] = []

    @property
    def tokens(self) -> list[str]:
        """Return every id that was put, oldest first."""
        with self._lock:
            return list(self._tokens)

    def put(self, token: str) -> None:
        """See Outbox."""
        with self.line.step("put"), self._lock:
            self._tokens.append(token)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """What was handed over for sending."""

    mime: bytes
    to: str
    key: ChallengeKey


class MemoryMailer:
    """Keeps what it accepted. Addresses in *refused* are rejected for good; while *busy*, all are deferred."""

    def __init__(self) -> None:
        self.line = Line()
        self.refused: set[str] = set()
        self.busy = False
        self._lock = Lock()
        self._sent: list[SentMail] = []

    @property
    def sent(self) -> list[SentMail]:
        """Return every accepted mail, oldest first."""
        with self._lock:
            return list(self._sent)

    def send(self, mime: bytes, *, to: str, key: ChallengeKey) -> Sending:
        """See Mailer."""
        with self.line.step("send"), self._lock:
            if self.busy:
                return Sending.DEFERRED
            if to in self.refused:
                return Sending.REJECTED
            self._sent.append(SentMail(mime=mime, to=to, key=key))
            return Sending.SENT
