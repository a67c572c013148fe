"""The policy as the template writes it."""

import json
from typing import Any

RAW: dict[str, Any] = {
    "purposes": {
        "sign_in": {"life": 300, "maximum": 600},
        "transaction": {"life": 300, "maximum": 600},
        "verify_email": {"life": 600, "maximum": 86400},
        "recovery": {"life": 600, "maximum": 86400},
    },
    "digits": 6,
    "attempts": 5,
    "streak": {"step_up": 20, "refuse": 60},
    "windows": {
        "address_interval": 30,
        "address_hour": 5,
        "address_day": 10,
        "source_hour": 300,
        "stack_day": 100_000,
    },
}


def changed(path: str, value: object) -> str:
    """Return the policy with one value changed, or removed if it is None."""
    raw: dict[str, Any] = json.loads(json.dumps(RAW))
    *outer, last = path.split(".")
    inner = raw
    for name in outer:
        inner = inner[name]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return json.dumps(raw)
