"""Oracles of the parsers of single members and headers."""

import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import ip_network

import rfc8785

from otpost import fields
from otpost.errors import InvalidRequest, InvalidValue
from otpost.request import Request
from otpost.transaction import canonical
from otpost.window import source_network
from tests.fuzz.parsers import rules
from tests.fuzz.parsers.text import text_of

NOW = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


def address(octets: bytes) -> None:
    """Agree with the rules, do not repeat what is refused, and read again what was written."""
    text = text_of(octets)
    try:
        read = fields.email(text)
    except InvalidValue as error:
        _refused(text, str(error), by_rule=not rules.is_mailbox(text))
        return
    written = str(read)
    assert rules.is_mailbox(text), "what is no address is accepted"
    assert (written.isascii(), written.isprintable(), len(written) <= 254) == (True, True, True), "not fit for SMTP"
    assert fields.email(written) == read, "read otherwise than written"
    assert read.local == text.rpartition("@")[0], "the local part is changed"
    if rules.is_mailbox(read.folded()):  # `a.+b` folds to `a.`, which names a window and is no address
        assert fields.email(read.folded()).folded() == read.folded(), "folding has no end"


def code(octets: bytes) -> None:
    """Agree with the rules about which digits a text holds."""
    text = text_of(octets)
    try:
        read = fields.code(text)
    except InvalidValue:
        assert rules.digits_of_code(text) is None, "a code is refused"
        return
    assert read.digits == rules.digits_of_code(text), "other digits are read"
    assert fields.code(read.digits).matches(read), "read otherwise than written"


def transaction(octets: bytes) -> None:
    """Agree with the rules about what is one, and with another implementation of RFC 8785 about its canonical form."""
    try:
        value = json.loads(octets)
    except (ValueError, RecursionError):
        return
    try:
        read = fields.transaction(value)
    except InvalidValue:
        assert not rules.is_transaction(value), "a transaction is refused"
        return
    assert rules.is_transaction(value), "what is no transaction is accepted"
    assert read == value, "read otherwise than it is"
    assert canonical(read) == rfc8785.dumps(read), "not the canonical form"
    assert canonical(dict(reversed(read.items()))) == canonical(read), "the order of members matters"


def locale(octets: bytes) -> None:
    """Agree with the rules."""
    text = text_of(octets)
    assert _reads(fields.locale, text) == rules.is_locale(text)


def idempotency_key(octets: bytes) -> None:
    """Agree with the rules."""
    text = text_of(octets)
    request = Request(event={"headers": {"idempotency-key": text}}, now=NOW)
    try:
        read = request.idempotency_key
    except InvalidRequest as error:
        _refused(text, error.flaws[0].detail, by_rule=not rules.is_visible(text, 16, 128))
        return
    assert rules.is_visible(text, 16, 128), "what is no key is accepted"
    assert read == text, "read otherwise than it is"


def caller_ip(octets: bytes) -> None:
    """Agree with the C library about what is an address; an address lies in the network that it is counted by."""
    text = text_of(octets)
    network = source_network(text)
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    try:
        packed = socket.inet_pton(family, text.partition("%")[0])
    except (OSError, ValueError):  # ValueError: a NUL, or a lone surrogate
        assert network is None, "what is no address is counted"
        return
    if "%" in text:  # a zone (RFC 4007 §11); which ones there are is not for the C library to say
        return
    if packed[:12] == bytes(10) + b"\xff\xff":
        packed = packed[12:]
    kept = 3 if len(packed) == 4 else 8
    expected = ip_network((packed[:kept].ljust(len(packed), b"\x00"), kept * 8))
    assert network == str(expected), "counted by another network"


def _refused(text: str, told: str, *, by_rule: bool) -> None:
    assert by_rule, "what the rules allow is refused"
    assert len(text) < 8 or text not in told, "the refusal repeats what was sent"


def _reads(read: Callable[[object], object], text: str) -> bool:
    try:
        return read(text) == text
    except InvalidValue:
        return False
