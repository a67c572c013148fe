"""Oracles of the parsers of what carries members: bodies, challenge ids, signatures."""

import base64
import json
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from otpost.aws.signer import raw_signature
from otpost.challenge_id import ChallengeId, hour_of
from otpost.errors import BodyTooLarge, InvalidRequest, Unavailable
from otpost.request import Request
from tests.fuzz.parsers import rules
from tests.fuzz.parsers.text import text_of

NOW = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
REGION = "eu-central-1"


def token(octets: bytes) -> None:
    """Agree with a decoder by arithmetic; whatever is read is written as it came, so no id has two spellings."""
    text = text_of(octets)
    read = ChallengeId.parse(text, region=REGION, now=NOW)
    expected = _id_of(rules.octets_of_token(text)) if len(text) <= 128 else None
    assert read == expected, "an id is read otherwise than its octets say"
    assert read is None or read.token == text, "an id has two spellings"


def made_token(octets: bytes) -> None:
    """Do the same with octets that are encoded well, so that what they say is what is tried."""
    token(base64.urlsafe_b64encode(octets).rstrip(b"="))


def body(octets: bytes) -> None:
    """Agree with the plain parser about what is one JSON object; the first octet says whether it comes in base64."""
    encoded, rest = octets[:1] > b"\x7f", octets[1:]
    text = base64.b64encode(rest).decode() if encoded else text_of(rest)
    event = {"headers": {"content-type": "application/json"}, "body": text, "isBase64Encoded": encoded}
    try:
        read = Request(event=event, now=NOW).members()
    except BodyTooLarge:
        assert len(rest if encoded else text.encode("utf-8", "surrogatepass")) > 8192, "a small body is too large"
    except InvalidRequest:
        assert _plain(rest if encoded else text) is None, "a plain object is refused"
    else:
        assert _same(read, _plain(rest if encoded else text)), "read otherwise than it is"


def raw_base64(octets: bytes) -> None:
    """Refuse what is no base64, or read what it holds; API Gateway would never send it otherwise."""
    event = {"headers": {"content-type": "application/json"}, "body": text_of(octets), "isBase64Encoded": True}
    try:
        read = Request(event=event, now=NOW).members()
    except (InvalidRequest, BodyTooLarge):
        return
    assert _same(read, _plain(base64.b64decode(text_of(octets), validate=True))), "read otherwise than it is"


def signature(octets: bytes) -> None:
    """Agree with OpenSSL's parser about DER, within the range of P-256."""
    try:
        r, s = decode_dss_signature(octets)
    except ValueError:
        r = s = 0
    fits = all(0 < number < 1 << 256 for number in (r, s))
    try:
        read = raw_signature(octets)
    except Unavailable:
        assert not fits, "a signature is refused"
        return
    assert fits, "what is no signature is accepted"
    assert read == r.to_bytes(32) + s.to_bytes(32), "read otherwise than it is"


def _id_of(octets: bytes | None) -> ChallengeId | None:
    if octets is None or len(octets) < 23 or octets[0] != 1 or octets[1] not in range(6, 11):
        return None
    region, entropy = octets[7:-16], octets[-16:]
    hour = int.from_bytes(octets[2:6])
    if octets[6] != len(region) or region != REGION.encode() or not -25 <= hour - hour_of(NOW) <= 1:
        return None
    return ChallengeId(region=REGION, hour=hour, code_length=octets[1], entropy=entropy)


def _plain(written: bytes | str) -> dict[str, object] | None:
    """Return the object that the plain parser reads, None if it reads none that RFC 8259 and docs/api.md allow."""
    try:
        octets = written.encode() if isinstance(written, str) else written
        text = octets.decode()
        value = json.loads(text)
        pairs = json.loads(text, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or rules.names_repeat(pairs) or _names_no_number(text):
        return None
    return value


def _names_no_number(text: str) -> bool:
    found: list[str] = []
    json.loads(text, parse_constant=found.append)
    return bool(found)


def _same(one: object, other: object) -> bool:
    try:
        return repr(one) == repr(other)  # tells 1 from 1.0 and 0.0 from -0.0
    except RecursionError:
        return True  # too deep to be written, and read from one text
