"""What the races came to, in numbers: counted while they run, printed at the end."""

from collections import Counter

FIGURES: Counter[str] = Counter()
"""By name; every race adds to it."""


def lines() -> list[str]:
    """Return the summary, one line a figure."""
    width = max(map(len, FIGURES), default=0)
    return [f"{name:<{width}}  {count:>9,}" for name, count in FIGURES.items()]
