"""Edges that a table of ordinary values does not reach."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from otpost import crypto, settings
from otpost.challenge_id import MAX_TOKEN_LENGTH, ChallengeId, hour_of
from otpost.errors import InvalidSettings
from otpost.receipt import Receipts, base64url
from tests.contract.samples import NOW, new_challenge
from tests.fakes.keys import MemorySigner
from tests.unit.ids import ID, parse
from tests.unit.mails import CODE, compose, parsed
from tests.unit.policy_json import RAW


def test_a_mac_does_not_care_whether_a_field_comes_as_text_or_octets() -> None:
    assert crypto.bind(b"key", "é", b"\x00") == crypto.bind(b"key", "é".encode(), "\x00")


def test_the_jitter_never_reaches_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda limit: limit - 1)

    assert crypto.jitter() == 0.999


def test_an_id_of_the_longest_length_is_read() -> None:
    longest = replace(ID, region="r" * (MAX_TOKEN_LENGTH * 3 // 4 - 23))

    assert len(longest.token) == MAX_TOKEN_LENGTH
    assert parse(longest.token, region=longest.region) == longest


def test_an_id_that_ends_like_a_padding_is_read_whole() -> None:
    """Without padding to strip, every character counts."""
    ending = ChallengeId(
        region="us-gov-west-1", hour=hour_of(NOW), code_length=6, entropy=b"\x5d\x75\xd7" * 5 + b"\xd7"
    )

    assert ending.token.endswith("X")
    assert parse(ending.token, region="us-gov-west-1") == ending


def test_the_hour_of_an_id_has_four_octets() -> None:
    """The fourth is needed from the year 3883."""
    then = datetime(4000, 1, 1, tzinfo=UTC)
    late = replace(ID, hour=hour_of(then))

    assert late.hour > 1 << 24
    assert parse(late.token, now=then) == late


def test_nothing_but_padding_is_stripped_from_a_receipt() -> None:
    assert base64url(b"\x5d\x75\xd7") == "XXXX"  # "====" would be four paddings
    assert base64url(b"\x5d\x75\xd7\x5d") == "XXXXXQ"


def test_the_parts_of_a_receipt_have_no_white_space() -> None:
    """A receipt travels in headers, so it is as short as it can be."""
    receipt = Receipts(issuer="https://otp.example", audience="a").sign(new_challenge(), NOW, MemorySigner())
    header, claims, _ = receipt.split(".")

    assert [b" " in _decoded(part) for part in (header, claims)] == [False, False]


def test_no_streak_is_allowed_that_would_pass_95_however_few_the_guesses() -> None:
    raw = json.loads(json.dumps(RAW))
    raw["attempts"] = raw["windows"]["address_day"] = 1
    raw["streak"]["refuse"] = 95
    settings.policy({"POLICY": json.dumps(raw)})
    raw["streak"]["refuse"] = 96
    with pytest.raises(InvalidSettings, match="from 1 to 95"):
        settings.policy({"POLICY": json.dumps(raw)})


def test_the_brand_is_read_from_the_environment() -> None:
    assert settings.brand({"BRAND_NAME": "Crédit Étoile"}) == "Crédit Étoile"


def test_a_choice_that_is_none_is_told_the_choices() -> None:
    with pytest.raises(InvalidSettings, match=r"CALLER_MODE must be one of: browser, backend\."):
        settings.caller_mode({"CALLER_MODE": "both"})


def test_every_part_of_a_mail_is_quoted_printable_even_where_it_need_not_be() -> None:
    """Lines of any length stay within what SMTP carries."""
    parts = [part for part in parsed(compose()).walk() if not part.is_multipart()]

    assert [part["Content-Transfer-Encoding"] for part in parts] == ["quoted-printable"] * 2


def test_a_purpose_of_the_deployment_is_spoken_of_in_general_words() -> None:
    assert compose(purpose="wire_transfer") != compose(purpose="sign_in")
    assert b"wire_transfer" not in compose(purpose="wire_transfer")
    assert CODE.digits.encode() in compose(purpose="wire_transfer")


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
