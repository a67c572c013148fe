"""The numbers of a deployment in one typed place: lives, digits, attempts, the failure streak, the windows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from otpost.window import Windows

PURPOSE_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
STEP_UP_DIGITS, STEP_UP_ATTEMPTS = 10, 3
FAILURES_CAP = 100
"""NIST SP 800-63B-4 §3.2.2: no more consecutive failures than this; a policy must stay below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """How long a code of one purpose lives after each mail, and the hard maximum after the first."""

    life: timedelta
    maximum: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """Failures of an identity since its last success (NIST SP 800-63B-4 §3.2.2 caps them at 100)."""

    step_up: int
    refuse: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one new challenge gets."""

    code_length: int
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The policy of a stack; *purposes* names every purpose that may be asked for."""

    purposes: Mapping[str, Lifetime]
    digits: int
    attempts: int
    streak: Streak
    windows: Windows

    def terms(self, failures: int) -> Terms | None:
        """Return the terms for an identity with this many failures; None means that it gets no challenge."""
        if failures >= self.streak.refuse:
            return None
        if failures >= self.streak.step_up:
            return Terms(code_length=STEP_UP_DIGITS, attempts=min(STEP_UP_ATTEMPTS, self.attempts))
        return Terms(code_length=self.digits, attempts=self.attempts)

    def most_failures(self) -> int:
        """Return how many wrong guesses in a row an identity can take at the worst, on all its open challenges.

        No life is longer than the day's window, so no more challenges are open at once than it lets be sent. The last
        is issued at one failure below the refusal; then all that are open can be guessed on. Where some of them are
        from before the step-up, and have more attempts, less than a day lies between: what could be guessed in it
        bounds the sum, too.
        """
        many, few, most_open = self.attempts, min(STEP_UP_ATTEMPTS, self.attempts), self.windows.address_day
        last_issue, last_plain = self.streak.refuse - 1, self.streak.step_up - 1
        mixed = (
            min(last_issue + plain * (many - few), last_plain + most_open * many - plain * few) + most_open * few
            for plain in range(1, most_open + 1)
        )
        return max(last_issue + most_open * few, *mixed)

    def code_lengths(self) -> frozenset[int]:
        """Return every length that `terms` can give."""
        return frozenset({self.digits, STEP_UP_DIGITS})
