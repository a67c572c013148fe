"""A small verifier of one-time codes, right by default, that can be given any of the classic flaws."""

import secrets
import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from enum import Enum, auto

LIMIT, CODES_PER_ADDRESS = 4, 3
_THINKING_SECONDS = 0.02


class Flaw(Enum):
    RACES = auto()  # reads, compares, then writes: without a lock
    COUNTS_LATE = auto()  # consumes atomically, but counts guesses by read and write
    HAS_NO_LIMIT = auto()
    LIMITS_WRONG_ONLY = auto()  # the limit is not asked when the guess is right
    LETS_CODES_BE_REUSED = auto()  # without a limit on that, either
    LOSES_CONTENDED_CODES = auto()  # marks the code as used first; whoever meets the mark is refused, the owner, too
    KEEPS_OLD_CODES = auto()  # a code from before the resend works even after the success
    GIVES_CODES_ENDLESSLY = auto()
    FORGETS_ON_RESTART = auto()
    IGNORES_KEYS = auto()  # a repeat is judged as a request of its own
    COUNTS_REPEATS = auto()  # a repeat is answered like the first request, and counted again


@dataclass(slots=True, kw_only=True)
class Challenge:
    address: str
    code: str
    old_codes: list[str] = field(default_factory=list)
    tries: int = 0
    is_used: bool = False
    contenders: int = 0
    answers: dict[str, str] = field(default_factory=dict)


class Verifier:
    """Answers in the words of the kit: issued, limited, accepted, wrong, refused."""

    def __init__(self, flaws: frozenset[Flaw]) -> None:
        self.flaws = flaws
        self.challenges: dict[str, Challenge] = {}
        self.mails: list[tuple[str, str]] = []
        self._lock = threading.Lock()

    def issue(self, address: str) -> str | None:
        with self._lock:
            given = sum(one.address == address for one in self.challenges.values())
            if given >= CODES_PER_ADDRESS and Flaw.GIVES_CODES_ENDLESSLY not in self.flaws:
                return None
            id_ = secrets.token_hex(8)
            self.challenges[id_] = Challenge(address=address, code=self._mailed(address))
            return id_

    def resend(self, id_: str) -> None:
        challenge = self.challenges[id_]
        challenge.old_codes.append(challenge.code)
        challenge.code = self._mailed(challenge.address)

    def restart(self) -> None:
        if Flaw.FORGETS_ON_RESTART in self.flaws:
            for challenge in self.challenges.values():
                challenge.is_used, challenge.tries = False, 0

    def verify(self, id_: str, code: str, key: str) -> str:
        challenge = self.challenges[id_]
        with nullcontext() if Flaw.RACES in self.flaws else self._lock:
            said = challenge.answers.get(key)
            if said is not None and Flaw.IGNORES_KEYS not in self.flaws:
                challenge.tries += Flaw.COUNTS_REPEATS in self.flaws
                return said
            return self._contended(challenge, code, key)

    def _contended(self, challenge: Challenge, code: str, key: str) -> str:
        if Flaw.LOSES_CONTENDED_CODES in self.flaws and code == challenge.code:
            self._lock.release()
            challenge.contenders += 1
            time.sleep(_THINKING_SECONDS)
            self._lock.acquire()
            if challenge.contenders > 1:
                return "refused"
        elif Flaw.COUNTS_LATE in self.flaws and code != challenge.code:
            challenge.answers[key] = self._counted_late(challenge)
            return challenge.answers[key]
        challenge.answers[key] = self._judged(challenge, code)
        return challenge.answers[key]

    def _counted_late(self, challenge: Challenge) -> str:
        tries = challenge.tries
        self._lock.release()
        time.sleep(_THINKING_SECONDS)
        self._lock.acquire()
        challenge.tries = tries + 1
        return "wrong" if tries < LIMIT else "refused"

    def _judged(self, challenge: Challenge, code: str) -> str:
        used, tries = challenge.is_used, challenge.tries
        if Flaw.RACES in self.flaws:
            time.sleep(_THINKING_SECONDS)
        if Flaw.KEEPS_OLD_CODES in self.flaws and code in challenge.old_codes:
            return "accepted"
        right = code == challenge.code
        if used and not (right and Flaw.LETS_CODES_BE_REUSED in self.flaws):
            return "refused"
        if tries >= LIMIT and not self._is_lenient(right=right):
            return "refused"
        challenge.tries = tries + 1
        challenge.is_used = used or right
        return "accepted" if right else "wrong"

    def _is_lenient(self, *, right: bool) -> bool:
        if right and not {Flaw.LIMITS_WRONG_ONLY, Flaw.LETS_CODES_BE_REUSED}.isdisjoint(self.flaws):
            return True
        return Flaw.HAS_NO_LIMIT in self.flaws

    def _mailed(self, address: str) -> str:
        code = f"{secrets.randbelow(10**6):06d}"
        self.mails.insert(0, (address, code))
        return code
