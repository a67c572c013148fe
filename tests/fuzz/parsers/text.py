"""Octets as text."""


def text_of(octets: bytes) -> str:
    """Read octets as text in a way that reaches every text: UTF-8 with lone surrogates, else one character an octet."""
    try:
        return octets.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return octets.decode("latin-1")
