"""How likely counts are if every outcome is equally likely."""

from collections.abc import Collection
from math import sqrt
from statistics import NormalDist


def probability(counts: Collection[int]) -> float:
    """Return the p-value of Pearson's test for uniform *counts*, by Wilson and Hilferty's approximation."""
    expected = sum(counts) / len(counts)
    statistic = sum((count - expected) ** 2 for count in counts) / expected
    freedom = len(counts) - 1
    spread = 2 / (9 * freedom)
    deviation = ((statistic / freedom) ** (1 / 3) - (1 - spread)) / sqrt(spread)
    return 1 - NormalDist().cdf(deviation)
