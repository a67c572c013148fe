"""Addresses to try the parser with: what is none, what is like another, and any that is one."""

from hypothesis import strategies as st

ATEXT = "ABCXYZabcxyz0189!#$%&'*+/=?^_`{|}~-"
LABEL_63 = "d" * 63

REFUSED = {
    "nothing": "",
    "no at sign": "ada.example.com",
    "only an at sign": "@",
    "no local part": "@example.com",
    "no domain": "ada@",
    "two at signs": "ada@eve@example.com",
    "a quoted local part": '"ada"@example.com',
    "a quoted local part with an at sign": '"ada@eve"@example.com',
    "a comment before": "(ada)ada@example.com",
    "a comment in the domain": "ada@example.com(comment)",
    "a display name": "Ada <ada@example.com>",
    "angle brackets": "<ada@example.com>",
    "a list": "ada@example.com,eve@example.com",
    "a list with a semicolon": "ada@example.com;eve@example.com",
    "a list with a space": "ada@example.com eve@example.com",
    "a group": "friends:ada@example.com;",
    "a route": "@one.example:ada@example.com",
    "an IPv4 literal": "ada@[192.0.2.1]",
    "an IPv6 literal": "ada@[IPv6:2001:db8::1]",
    "a bare IPv4 address": "ada@192.0.2.1",
    "an all-digit last label": "ada@example.123",
    "a single label": "ada@localhost",
    "a trailing dot": "ada@example.com.",
    "a leading dot in the domain": "ada@.example.com",
    "two dots in the domain": "ada@example..com",
    "a leading dot in the local part": ".ada@example.com",
    "a trailing dot in the local part": "ada.@example.com",
    "two dots in the local part": "ada..l@example.com",
    "a leading space": " ada@example.com",
    "a trailing space": "ada@example.com ",
    "a trailing tab": "ada@example.com\t",
    "a space at the at sign": "ada @example.com",
    "a trailing line feed": "ada@example.com\n",
    "a trailing CR LF": "ada@example.com\r\n",
    "CR LF and a header in the local part": "ada\r\nBcc:eve@example.com",
    "CR LF and a header after the domain": "ada@example.com\r\nBcc: eve@example.com",
    "an escaped CR LF in the domain": "ada@example.com%0d%0aBcc:eve",
    "an encoded word": "=?utf-8?q?ada?=@example.com",
    "an encoded word that holds a list": "=?utf-8?q?eve=40example.com=2Cada?=@example.com",
    "an encoded word that holds a header": "=?utf-8?q?=0D=0ABcc=3A_eve?=@example.com",
    "an encoded word further in": "a.=?utf-8?b?YWRh?=@example.com",
    "a NUL": "ada\0@example.com",
    "a NUL in the domain": "ada@example.com\0",
    "a backslash": "a\\da@example.com",
    "DEL": "ada\x7f@example.com",
    "a line separator": "ada@example.com\u2028",
    "a no-break space": "ada\u00a0@example.com",
    "a right-to-left override": "ada\u202e@example.com",
    "a right-to-left override in the domain": "ada@exam\u202eple.com",
    "a zero-width space": "ada\u200b@example.com",
    "a zero-width space in the domain": "ada@exam\u200bple.com",
    "a zero-width joiner in the domain": "ada@exam\u200dple.com",
    "a byte order mark": "\ufeffada@example.com",
    "a soft hyphen in the domain": "ada@exam\u00adple.com",
    "a local part beyond ASCII": "ünal@example.com",
    "a dotless i": "kıss@example.com",
    "a Kelvin sign": "\u212aiss@example.com",
    "a long s": "ki\u017fs@example.com",
    "a sharp s in the local part": "kiß@example.com",
    "a full-width letter": "ｋiss@example.com",
    "a Cyrillic letter": "kis\u0455@example.com",
    "a combining mark": "kis\u0301s@example.com",
    "a mathematical letter": "\U0001d424iss@example.com",
    "a full-width at sign": "kiss＠example.com",
    "a small commercial at": "kiss\ufe6bexample.com",
    "a Kelvin sign in the domain": "kiss@\u212aexample.com",
    "a long s in the domain": "kiss@example.com\u017f",
    "full-width letters in the domain": "kiss@ｅｘａｍｐｌｅ.com",
    "a ligature in the domain": "kiss@example.com\ufb01",
    "a telephone sign in the domain": "kiss@\u2121.example.com",
    "an upper-case letter beyond ASCII in the domain": "kiss@Ünal.example",
    "a decomposed letter in the domain": "kiss@u\u0308nal.example",
    "an ideographic full stop": "kiss@example\u3002com",
    "a full-width full stop": "kiss@example\uff0ecom",
    "a half-width full stop": "kiss@example\uff61com",
    "a one-dot leader": "kiss@example\u2024com",
    "a symbol in the domain": "kiss@\u2615.example",
    "a symbol as an A-label": "kiss@xn--53h.example",
    "Arabic digits for a last label": "kiss@example.\u0661\u0662",
    "an underscore in the domain": "kiss@ex_ample.com",
    "a hyphen at the start of a label": "kiss@-example.com",
    "a hyphen at the end of a label": "kiss@example-.com",
    "hyphens that only A-labels have": "kiss@ex--ample.com",
    "an empty A-label": "kiss@xn--.com",
    "a broken A-label": "kiss@xn--0.com",
    "an A-label whose number is beyond every character": f"kiss@xn--{'9' * 56}a.com",
    "an A-label of plain ASCII": "kiss@xn--example-.com",
    "a percent sign in the domain": "kiss@example%2ecom",
    "a slash in the domain": "kiss@example.com/",
    "a port": "kiss@example.com:25",
    "a local part of 65 octets": "a" * 65 + "@example.com",
    "a label of 64 octets": f"kiss@{'d' * 64}.com",
    "255 octets": f"{'a' * 59}@{LABEL_63}.{LABEL_63}.{LABEL_63}.com"[-255:],
    "more than 254 octets as A-labels": f"{'a' * 64}@{'ü' * 50}.{'ü' * 50}.{'ü' * 50}.{'ü' * 30}.de",
    "a lone surrogate": "kiss\ud800@example.com",
    "a lone surrogate in the domain": "kiss@exam\ud800ple.com",
}


CONFUSABLES = [
    f"{first}{second}{third}s@{domain}"
    for first in ("k", "K", "\u212a", "\u043a", "ｋ", "\u1d0b")
    for second in ("i", "I", "ı", "\u0130", "\u0456", "í")
    for third in ("s", "S", "\u017f", "\u0455", "ß")
    for domain in ("example.com", "EXAMPLE.com", "examp\u0131e.com", "exa\u043cple.com", "example\u3002com")
]


def locals_() -> st.SearchStrategy[str]:
    atom = st.text(ATEXT, min_size=1, max_size=12)
    local = st.lists(atom, min_size=1, max_size=4).map(".".join)
    return local.filter(lambda text: "=?" not in text)


def domains() -> st.SearchStrategy[str]:
    label = st.from_regex(r"[a-z0-9]([a-z0-9]{0,10}[a-z0-9])?", fullmatch=True)
    return st.builds(lambda labels, last: ".".join([*labels, last]), st.lists(label, min_size=1, max_size=3), label)
