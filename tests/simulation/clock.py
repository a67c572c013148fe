"""The time of a simulated world: it stands until it is moved, and each invocation may see it a little askew."""

from datetime import datetime, timedelta

import time_machine

from otpost.instant import whole_milliseconds

_WITHIN = 0.0002
"""Seconds into the millisecond that is shown: a number costs less than a datetime, and may be a little off."""


class Clock:
    """The one true time, and what `datetime.now` says to the code that runs."""

    def __init__(self, traveller: time_machine.Traveller, start: datetime) -> None:
        self._traveller = traveller
        self._shown: datetime | None = None
        self.now = start

    def advance(self, by: timedelta) -> None:
        """Let time pass, in whole milliseconds."""
        self.now = whole_milliseconds(self.now + by)

    def show(self, skew: timedelta) -> datetime:
        """Have the process see the time with this skew; return what it sees."""
        seen = self.now + skew
        if seen != self._shown:
            self._traveller.move_to(seen.timestamp() + _WITHIN)
            self._shown = seen
        return seen
