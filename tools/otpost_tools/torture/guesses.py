"""Wrong guesses that look like the code."""

from collections.abc import Iterator


def wrong_codes(code: str, alphabet: str, *, start: int = 1) -> Iterator[str]:
    """Codes that are not *code*, no two alike: those that follow it when its characters of *alphabet* count up.

    Other characters, such as a dash, stay. *start* skips: the first is that many steps after *code*. Ends before it
    would come back to *code*.
    """
    places = [at for at, character in enumerate(code) if character in alphabet]
    size = len(alphabet) ** len(places)
    value = 0
    for at in places:
        value = value * len(alphabet) + alphabet.index(code[at])
    for step in range(start, start + size):
        if step % size:
            yield _written(code, places, (value + step) % size, alphabet)


def _written(code: str, places: list[int], value: int, alphabet: str) -> str:
    characters = list(code)
    for at in reversed(places):
        value, digit = divmod(value, len(alphabet))
        characters[at] = alphabet[digit]
    return "".join(characters)
