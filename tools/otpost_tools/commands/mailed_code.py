"""Finds the code in a mail's text, as a claimant's eye does."""

import re

# Six to ten digits that stand alone, perhaps in two groups; the mail says its code in its first hundred characters.
_CODE = re.compile(r"(?<![\w.+-])(?:[0-9]{6,10}|[0-9]{3,5}[ -][0-9]{3,5})(?![\w-])", re.ASCII)
_FIRST = 100


def code_in(text: str) -> str | None:
    """The digits of the first code in *text*, without the gap between groups; None if there is none."""
    found = _CODE.search(text[: _FIRST + 11])
    return None if found is None or found.start() > _FIRST else re.sub(r"[ -]", "", found[0])
