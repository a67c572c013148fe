"""Every file of events/, through `sam local start-lambda` and warm containers: as it is, and about a live challenge."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from tests.containers.answers import batch_outcome, batch_words, outcome_of, words
from tests.containers.events import function_of, renewed, today
from tests.containers.given import CHALLENGES, HISTORIES, Account
from tests.containers.report import Report
from tests.functional.events import stored
from tests.functional.table import BATCHES, CASES, Batch, Case

type Invoke = Callable[[str, object], Any]
"""Takes a function's logical id and an event; returns the answer."""

WAY = "start-lambda"
_REFUSED = 400
_WARMING = [
    *("issue-array", "verify-nan", "status-number", "keys-health", "deliver-garbage"),
    *("issue-backend-client-text", "verify-backend-client"),
]
_AT_ONCE = 4  # SAM lets a second pass after many an answer, waiting for the end of its log


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Runs the rows of the tables, each on an account that holds nothing but what the row takes as given."""

    report: Report
    account: Account
    invoke: Invoke

    def warm_up(self) -> None:
        """Let every container import its function, which here counts towards the function's timeout and on AWS not."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(self._warm, _WARMING))

    def _warm(self, name: str) -> None:
        self.invoke(function_of(name, mode="backend" if "backend" in name else "browser"), stored(name))

    def run_requests(self) -> None:
        """Run every HTTP event, and those that need a challenge of today once more, with one."""
        refused = [case for case in CASES if today(case).status >= _REFUSED and case.given not in HISTORIES]
        with ThreadPoolExecutor(_AT_ONCE) as pool:  # they leave the account as it is
            list(pool.map(self._as_it_is, refused))
        for case in CASES:
            if case not in refused:
                self.account.clear()
                if case.given in HISTORIES:
                    HISTORIES[case.given](self.account)
                self._as_it_is(case)
            if case != today(case):
                self._ask(case, self._of_today(case), f"{case.name} (live)")

    def _as_it_is(self, case: Case) -> None:
        self._ask(today(case), stored(case.name), case.name)

    def run_batches(self) -> None:
        """Run every batch of the mail queue."""
        for batch in BATCHES:
            self.account.clear()
            self._deliver(batch._replace(mails=0, again=0), stored(batch.name), batch.name)
            if batch.given in CHALLENGES:
                event = self._of_today(batch)
                self.account.change(mails_sent=0)  # the sandbox has delivered it; let it be owed once more
                self._deliver(batch, event, f"{batch.name} (live)")

    def _of_today(self, row: Case | Batch) -> dict[str, Any]:
        """Bring about what is given, with a challenge of today, and return the event about it."""
        self.account.clear()
        return renewed(stored(row.name), CHALLENGES[row.given](self.account).challenge_id)

    def _ask(self, case: Case, event: dict[str, Any], name: str) -> None:
        function = function_of(case.name, mode=case.mode)
        with self.report.run(WAY, function, name, expected=words(case.status, case.code)) as run:
            run.came = outcome_of(case, self.invoke(function, event))

    def _deliver(self, batch: Batch, event: dict[str, Any], name: str) -> None:
        before, expected = self.account.mails(), batch_words(batch.mails, batch.again)
        with self.report.run(WAY, "DeliverFunction", name, expected=expected) as run:
            answer = self.invoke("DeliverFunction", event)
            run.came = batch_outcome(answer, self.account.mails() - before)
