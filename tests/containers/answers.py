"""What a function answered, in words that can be compared: a status and, if there is one, a code."""

import json
from collections.abc import Iterable
from typing import Any

from tests.functional.table import Case


def words(status: int, code: str | None = None) -> str:
    """Return what is expected."""
    return f"{status} {code}" if code else str(status)


def outcome(answer: Any, members: Iterable[str] | None = None) -> str:
    """Return what came, in the same words. A body with other *members* is said to have them: that is another answer."""
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return f"no HTTP answer: {str(answer)[:200]}"
    body: dict[str, Any] = json.loads(answer["body"])
    came = words(answer["statusCode"], body.get("code"))
    return came if members is None or set(members) == body.keys() else f"{came} with {', '.join(sorted(body))}"


def outcome_of(case: Case, answer: Any) -> str:
    """Return what came for a row of the tables."""
    return outcome(answer, case.members)


def batch_words(mails: int, again: int) -> str:
    """Return what is expected of a batch."""
    return f"{mails} mailed, {again} again"


def batch_outcome(answer: Any, mails: int) -> str:
    """Return what came of a batch that led to so many *mails*."""
    if not isinstance(answer, dict) or "batchItemFailures" not in answer:
        return f"no batch answer: {str(answer)[:200]}"
    return batch_words(mails, len(answer["batchItemFailures"]))
