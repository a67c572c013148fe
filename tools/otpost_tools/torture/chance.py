"""How probable a count is."""

from math import comb


def at_least(hits: int, rounds: int, probability: float) -> float:
    """The probability of *hits* or more in *rounds* independent rounds with *probability* each."""
    return sum(
        comb(rounds, count) * probability**count * (1 - probability) ** (rounds - count)
        for count in range(hits, rounds + 1)
    )
