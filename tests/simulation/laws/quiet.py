"""What the functions print names nobody and opens nothing."""

import re
from collections.abc import Collection

from tests.simulation.laws.law import Broken


def require_quiet(tape: str, *, codes: Collection[str], secrets: Collection[str]) -> None:
    """Raise Broken if *tape* shows one of *secrets*, or one of *codes* by itself."""
    for secret in secrets:
        if secret in tape:
            raise Broken("Quiet", "an address, an id or a key was printed")
    for code in codes:
        if code in tape and re.search(rf"(?<![0-9A-Za-z]){code}(?![0-9A-Za-z])", tape):
            raise Broken("Quiet", "a code was printed")
