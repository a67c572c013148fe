"""The files of events/ under today's clock: as they are, and about a challenge of today."""

import base64
import json
from typing import Any

from tests.containers.given import CHALLENGES, TOKEN
from tests.containers.sam import BACKEND
from tests.functional.table import Case

_BEFORE_THE_ID = {400, 413, 415}
"""What is refused with these is refused before its id is looked at."""

_BY_THE_ID = {"verify-longer-code"}
"""But for what only the id tells: how long the code must be."""


def today(case: Case) -> Case:
    """Return what a file is answered with as it is: its challenge is of a November day long ago, so it is unknown."""
    if case.given not in CHALLENGES or (case.status in _BEFORE_THE_ID and case.name not in _BY_THE_ID):
        return case
    return case._replace(status=404, code="unknown_challenge")


def renewed(event: dict[str, Any], challenge_id: str) -> dict[str, Any]:
    """Return the event about another challenge, wherever it names that of the files."""
    if event.get("isBase64Encoded"):
        body = base64.b64decode(event["body"] + "==").decode("utf-8", "surrogateescape").replace(TOKEN, challenge_id)
        return event | {"body": base64.b64encode(body.encode("utf-8", "surrogateescape")).decode()}
    again: dict[str, Any] = json.loads(json.dumps(event).replace(TOKEN, challenge_id))
    return again


def function_of(name: str, *, mode: str = "browser") -> str:
    """Return the logical id of the function that a file is for, or of its copy: the first word of the name says it."""
    verb = {"resend": "issue", "cancel": "issue"}.get(word := name.partition("-")[0], word)
    return f"{BACKEND if mode == 'backend' else ''}{verb.capitalize()}Function"
