"""Settings: read once, typed, and refused by name when they are wrong."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from otpost import settings
from otpost.address import IdentityCase
from otpost.errors import InvalidSettings
from otpost.policy import Lifetime
from otpost.settings import CallerMode
from tests.unit.policy_json import RAW, changed
from tests.unit.world import POLICY, SHORT


def test_the_policy_of_the_template_is_read() -> None:
    assert settings.policy({"POLICY": json.dumps(RAW)}) == POLICY


def test_additional_purposes_live_as_long_as_sign_in() -> None:
    policy = settings.policy({"POLICY": json.dumps(RAW), "ADDITIONAL_PURPOSES": "wire_transfer,delete_account"})

    assert policy.purposes == {**POLICY.purposes, "wire_transfer": SHORT, "delete_account": SHORT}


@pytest.mark.parametrize("environment", [{}, {"ADDITIONAL_PURPOSES": ""}])
def test_there_need_be_no_additional_purposes(environment: dict[str, str]) -> None:
    assert settings.policy({"POLICY": json.dumps(RAW)} | environment).purposes == POLICY.purposes


@pytest.mark.parametrize(
    ("path", "low", "high"),
    [
        ("digits", 6, 10),
        ("attempts", 1, 5),
        ("streak.step_up", 1, 38),
        ("streak.refuse", 20, 70),
        ("windows.address_interval", 1, 3600),
        ("windows.address_hour", 1, 10),
        ("windows.address_day", 1, 10),
        ("windows.source_hour", 1, 1_000_000),
        ("windows.stack_day", 16, 100_000_000),
        ("purposes.sign_in.life", 60, 600),
        ("purposes.sign_in.maximum", 300, 600),
        ("purposes.recovery.life", 60, 86_400),
        ("purposes.recovery.maximum", 600, 86_400),
    ],
)
def test_every_number_has_bounds(path: str, low: int, high: int) -> None:
    for bound in (low, high):
        settings.policy({"POLICY": changed(path, bound)})
    others: list[object] = [low - 1, high + 1, -low, str(low), low + 0.5, True, [low], {"n": low}, None]
    for value in others:
        with pytest.raises(InvalidSettings, match="POLICY"):
            settings.policy({"POLICY": changed(path, value)})


@pytest.mark.parametrize("path", ["purposes", "purposes.sign_in", "streak", "windows"])
@pytest.mark.parametrize("value", [None, "", 1, [], True])
def test_every_part_must_be_there(path: str, value: object) -> None:
    with pytest.raises(InvalidSettings, match="POLICY"):
        settings.policy({"POLICY": changed(path, value)})


@pytest.mark.parametrize("text", ["{", "null", "[]", "1", '"x"', "{}", "NaN", "${Policy}"])
def test_what_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(InvalidSettings, match="POLICY"):
        settings.policy({"POLICY": text})


def test_a_life_may_be_as_long_as_its_maximum() -> None:
    raw = changed("purposes.sign_in.life", 600)

    assert settings.policy({"POLICY": raw}).purposes["sign_in"] == Lifetime(
        life=timedelta(seconds=600), maximum=timedelta(seconds=600)
    )


READERS: dict[str, Callable[[settings.Environment], object]] = {
    "CALLER_MODE": settings.caller_mode,
    "IDENTITY_CASE": settings.identity_case,
    "SENDER_ADDRESS": settings.sender,
    "BRAND_NAME": settings.brand,
    "FUNCTION_TIMEOUT_SECONDS": settings.lease,
    "POLICY": settings.policy,
    "CHALLENGE_TABLE": lambda environment: settings.required(environment, "CHALLENGE_TABLE"),
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("empty", [True, False])
def test_nothing_has_a_default(name: str, empty: bool) -> None:  # noqa: FBT001
    with pytest.raises(InvalidSettings, match=name):
        READERS[name]({name: ""} if empty else {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CALLER_MODE", "Browser"),
        ("CALLER_MODE", "browser "),
        ("CALLER_MODE", "none"),
        ("IDENTITY_CASE", "lower"),
        ("IDENTITY_CASE", "EXACT"),
        ("SENDER_ADDRESS", "no-reply"),
        ("SENDER_ADDRESS", "Example <no-reply@otpost.example>"),
        ("SENDER_ADDRESS", "no-reply@otpost.example\r\nBcc: eve@example.com"),
        ("SENDER_ADDRESS", "a@otpost.example,b@otpost.example"),
        ("BRAND_NAME", "a\u2028b"),
        ("BRAND_NAME", "a\r\nBcc: eve@example.com"),
        ("BRAND_NAME", "=?utf-8?q?a=0D=0ABcc?="),
        ("FUNCTION_TIMEOUT_SECONDS", "0"),
        ("FUNCTION_TIMEOUT_SECONDS", "-15"),
        ("FUNCTION_TIMEOUT_SECONDS", "15.0"),
        ("FUNCTION_TIMEOUT_SECONDS", "15s"),
        ("FUNCTION_TIMEOUT_SECONDS", " 15"),
        ("FUNCTION_TIMEOUT_SECONDS", "1_5"),
        ("FUNCTION_TIMEOUT_SECONDS", "１５"),
        ("FUNCTION_TIMEOUT_SECONDS", "²"),
        ("FUNCTION_TIMEOUT_SECONDS", "901"),
        ("FUNCTION_TIMEOUT_SECONDS", "9" * 5000),
    ],
)
def test_a_bad_setting_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(InvalidSettings, match=name):
        READERS[name]({name: value})


@pytest.mark.parametrize("purposes", ["Wire", "wire transfer", "a, b", "wire-transfer", "1st", "x" * 33, "sign_in\n"])
def test_a_purpose_that_no_guess_could_name_is_refused(purposes: str) -> None:
    """A18: it would be issued for and could never be verified."""
    with pytest.raises(InvalidSettings, match="ADDITIONAL_PURPOSES"):
        settings.policy({"POLICY": json.dumps(RAW), "ADDITIONAL_PURPOSES": purposes})


def test_numbers_that_together_allow_a_hundred_failures_are_refused_with_what_to_lower() -> None:
    """A2: NIST SP 800-63B-4 §3.2.2."""
    with pytest.raises(InvalidSettings, match=r"101 wrong guesses.*Lower StreakRefusalFailures"):
        settings.policy({"POLICY": changed("streak.refuse", 72)})


def test_an_additional_purpose_cannot_change_a_life_of_the_policy() -> None:
    policy = settings.policy({"POLICY": json.dumps(RAW), "ADDITIONAL_PURPOSES": "recovery"})

    assert policy.purposes == POLICY.purposes


def test_the_smallest_policy_is_read() -> None:
    raw: dict[str, Any] = json.loads(json.dumps(RAW))
    raw |= {"purposes": {"sign_in": {"life": 60, "maximum": 60}}, "streak": {"step_up": 1, "refuse": 1}}

    policy = settings.policy({"POLICY": json.dumps(raw)})

    assert policy.purposes == {"sign_in": Lifetime(life=timedelta(seconds=60), maximum=timedelta(seconds=60))}
    assert policy.terms(0) is not None
    assert policy.terms(1) is None


@pytest.mark.parametrize(("life", "maximum"), [(59, 60), (60, 59), (59, 59), (61, 60)])
def test_no_life_is_below_a_minute_or_beyond_its_maximum(life: int, maximum: int) -> None:
    with pytest.raises(InvalidSettings):
        settings.policy({"POLICY": changed("purposes.sign_in", {"life": life, "maximum": maximum})})


@pytest.mark.parametrize(("seconds", "lease"), [("1", 1), ("900", 900)])
def test_a_lease_is_as_long_as_lambda_may_run(seconds: str, lease: int) -> None:
    assert settings.lease({"FUNCTION_TIMEOUT_SECONDS": seconds}) == timedelta(seconds=lease)


def test_good_settings_are_typed() -> None:
    assert settings.caller_mode({"CALLER_MODE": "backend"}) is CallerMode.BACKEND
    assert settings.caller_mode({"CALLER_MODE": "browser"}) is CallerMode.BROWSER
    assert settings.identity_case({"IDENTITY_CASE": "exact"}) is IdentityCase.EXACT
    assert settings.identity_case({"IDENTITY_CASE": "ascii_lower"}) is IdentityCase.ASCII_LOWER
    assert settings.sender({"SENDER_ADDRESS": "No-Reply@OTPost.example"}) == "No-Reply@otpost.example"
    assert settings.lease({"FUNCTION_TIMEOUT_SECONDS": "15"}) == timedelta(seconds=15)
    assert settings.required({"CHALLENGE_TABLE": "t"}, "CHALLENGE_TABLE") == "t"
