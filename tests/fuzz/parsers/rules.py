"""The rules of the parsers, written a second time: plain loops over characters where the product has patterns."""

import idna

_LETTERS = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = set("0123456789")
_ATEXT = _LETTERS | _DIGITS | set("!#$%&'*+/=?^_`{|}~-")
_BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def is_mailbox(text: str) -> bool:
    """Say whether *text* is an address by docs/api.md: dot-atom, two labels at least, IDNA 2008, 254 octets."""
    local, _, domain = text.rpartition("@")
    atoms = local.split(".")
    if not local or len(local) > 64 or "=?" in local or not all(atom and set(atom) <= _ATEXT for atom in atoms):
        return False
    try:
        labels = [_a_label(label) for label in domain.split(".")]
    except (UnicodeError, OverflowError):  # IDNAError is one; an A-label may hold a number beyond every character
        return False
    return len(labels) > 1 and not set(labels[-1]) <= _DIGITS and len(f"{local}@{'.'.join(labels)}") <= 254


def digits_of_code(text: str) -> str | None:
    """Return the digits of a code, None if *text* is none: six to ten ASCII digits among spaces and hyphens."""
    digits = "".join(each for each in text if each not in {" ", "-"})
    return digits if set(digits) <= _DIGITS and 6 <= len(digits) <= 10 else None


def is_locale(text: str) -> bool:
    """Say whether *text* has the shape of a language tag: a language, then at most four subtags."""
    language, *subtags = text.split("-")
    return (
        2 <= len(language) <= 8
        and set(language) <= _LETTERS
        and len(subtags) <= 4
        and all(1 <= len(each) <= 8 and set(each) <= _LETTERS | _DIGITS for each in subtags)
    )


def is_visible(text: str, shortest: int, longest: int) -> bool:
    """Say whether *text* is that many visible ASCII characters."""
    return shortest <= len(text) <= longest and all(33 <= ord(each) <= 126 for each in text)


def is_line(text: str, longest: int) -> bool:
    """Say whether *text* is 1 to *longest* characters without controls (C0, DEL, C1) or lone surrogates."""
    return 1 <= len(text) <= longest and not any(
        ord(each) < 32 or 127 <= ord(each) < 160 or 0xD800 <= ord(each) < 0xE000 for each in text
    )


def is_transaction(value: object) -> bool:
    """Say whether *value* is an object of at most ten strings that are lines."""
    return (
        isinstance(value, dict)
        and len(value) <= 10
        and all(is_line(name, 64) and isinstance(each, str) and is_line(each, 256) for name, each in value.items())
    )


def octets_of_token(text: str) -> bytes | None:
    """Return what base64url without padding encodes, None unless it is the one way to write it (RFC 4648 §3.5)."""
    if not set(text) <= set(_BASE64URL) or len(text) % 4 == 1:
        return None
    number = 0
    for each in text:
        number = number << 6 | _BASE64URL.index(each)
    spare = len(text) * 6 % 8
    return None if number & (1 << spare) - 1 else (number >> spare).to_bytes(len(text) * 6 // 8)


def names_repeat(value: object) -> bool:
    """Say whether an object somewhere in *value*, read as tuples of pairs, has a name twice; however deep it is."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case tuple(pairs):
                if len({name for name, _ in pairs}) != len(pairs):
                    return True
                waiting += [each for _, each in pairs]
            case list(values):
                waiting += values
    return False


def _a_label(label: str) -> str:
    lowered = "".join(chr(ord(each) + 32) if "A" <= each <= "Z" else each for each in label)
    return idna.alabel(lowered).decode("ascii")
