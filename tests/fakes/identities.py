"""An IdentityStore in memory."""

from collections.abc import Generator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime
from threading import Lock

from tests.fakes.line import Line


class MemoryIdentities:
    """Failure streaks under one lock: a set of attempt ids by identity, and when it last succeeded."""

    def __init__(self) -> None:
        self.line = Line()
        self._lock = Lock()
        self._failed: dict[str, set[bytes]] = {}
        self._verified: dict[str, datetime] = {}

    def state(self) -> object:
        """Return all that is stored, to compare before and after."""
        with self._lock:
            return deepcopy((self._failed, self._verified))

    @property
    def streaks(self) -> Mapping[str, AbstractSet[bytes]]:
        """Return the attempts that failed since the last success, by identity: a view, not a copy."""
        return self._failed

    def failures(self, identity: str) -> int:
        """See IdentityStore."""
        with self._step("failures"):
            return len(self._failed.get(identity, ()))

    def add_failure(self, identity: str, *, attempt_id: bytes) -> None:
        """See IdentityStore."""
        with self._step("add_failure"):
            self._failed.setdefault(identity, set()).add(attempt_id)

    def record_success(self, identity: str, *, verified_at: datetime) -> None:
        """See IdentityStore."""
        with self._step("record_success"):
            if identity in self._verified and self._verified[identity] >= verified_at:
                return
            self._verified[identity] = verified_at
            self._failed.pop(identity, None)

    @contextmanager
    def _step(self, name: str) -> Generator[None]:
        with self.line.step(name), self._lock:
            yield
