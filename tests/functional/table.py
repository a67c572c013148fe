"""The tables of events/README.md: what each file is answered with, and what the account holds before."""

from typing import NamedTuple

from tests.functional.events import FOLDER

PROBLEM = {"type", "title", "status", "code", "detail"}
MORE = {"invalid_request": {"errors"}, "wrong_code": {"attempts_left"}, "rate_limited": {"limit"}}
TERMS = {"reference", "purpose", "expires_at", "attempts_left", "resend_at"}
ANSWERS = {
    "issue": TERMS | {"challenge_id", "code_length"},
    "resend": TERMS | {"challenge_id", "code_length"},
    "status": TERMS | {"verdict", "delivery"},
    "cancel": {"verdict"},
    "keys-jwks": {"keys"},
    "keys-openapi": {"openapi", "info", "servers", "tags", "paths", "components"},
    "keys-health": {"status"},
}


class Case(NamedTuple):
    """One row about an HTTP event."""

    name: str
    mode: str
    given: str
    status: int
    code: str | None

    @property
    def members(self) -> set[str]:
        """Return the members that the answer must have."""
        if self.code is not None:
            return PROBLEM | MORE.get(self.code, set())
        return ANSWERS[self.name if self.name.startswith("keys-") else self.name.partition("-")[0]]


class Batch(NamedTuple):
    """One row about a batch."""

    name: str
    given: str
    mails: int
    again: int


def _rows(columns: int) -> list[list[str]]:
    """Return the cells of every row with so many columns, without heads."""
    lines = [line for line in (FOLDER / "README.md").read_text().splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if len(row) == columns and row[0] not in {"file", "batch"}]


CASES = [Case(name, mode, given, int(status), code or None) for name, mode, given, status, code in _rows(5)]
BATCHES = [Batch(name, given, int(mails), int(again)) for name, given, mails, again in _rows(4)]
