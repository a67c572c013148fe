"""What a function is told by its environment: parsed once at INIT, typed, and nothing security-relevant has a default.

Bad settings raise `InvalidSettings`, which keeps the function from starting: it fails closed.
"""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from otpost.address import EmailAddress, IdentityCase
from otpost.challenge_id import CODE_LENGTHS
from otpost.errors import InvalidAddress, InvalidSettings
from otpost.policy import FAILURES_CAP, PURPOSE_NAME, Lifetime, Policy, Streak
from otpost.window import REMEMBERED_SENDS, STACK_SHARDS, Windows

MAX_LIFE_SECONDS = 86_400
MAX_INTERACTIVE_SECONDS = 600  # NIST SP 800-63B-4 §3.1.3.2, ASVS 5 §6.5.5: what somebody waits for
_INTERACTIVE = frozenset({"sign_in", "transaction"})
MAX_TIMEOUT_SECONDS = 900  # of Lambda
_SECONDS = re.compile(r"[1-9][0-9]{0,2}")

type Environment = Mapping[str, str]


class CallerMode(StrEnum):
    """Who calls: browsers (the source is the connection's) or a signed backend (the source is what it says)."""

    BROWSER = "browser"
    BACKEND = "backend"


def required(environment: Environment, name: str) -> str:
    """Return the variable *name*; raise InvalidSettings if it is missing or empty."""
    value = environment.get(name, "")
    if not value:
        raise InvalidSettings(f"The environment variable {name} is missing. The template sets it.")
    return value


def caller_mode(environment: Environment) -> CallerMode:
    """Return who may call the API."""
    return _choice(CallerMode, environment, "CALLER_MODE")


def identity_case(environment: Environment) -> IdentityCase:
    """Return whether local parts differ by case."""
    return _choice(IdentityCase, environment, "IDENTITY_CASE")


def sender(environment: Environment) -> str:
    """Return the address that mail comes from."""
    try:
        return str(EmailAddress.parse(required(environment, "SENDER_ADDRESS")))
    except InvalidAddress as error:
        raise InvalidSettings("SENDER_ADDRESS is not an email address.") from error


def brand(environment: Environment) -> str:
    """Return the name that mails are sent under: it stands in headers, so it must be plain text on one line."""
    name = required(environment, "BRAND_NAME")
    if not name.isprintable() or "=?" in name:  # controls, line separators; an encoded word (RFC 2047) hides both
        raise InvalidSettings("BRAND_NAME must be printable text on one line, without =?.")
    return name


def lease(environment: Environment) -> timedelta:
    """Return how long the deliver function may run, which is how long its lease on a mail lasts."""
    seconds = required(environment, "FUNCTION_TIMEOUT_SECONDS")
    if not _SECONDS.fullmatch(seconds) or int(seconds) > MAX_TIMEOUT_SECONDS:
        raise InvalidSettings(f"FUNCTION_TIMEOUT_SECONDS is not a whole number from 1 to {MAX_TIMEOUT_SECONDS}.")
    return timedelta(seconds=int(seconds))


def policy(environment: Environment) -> Policy:
    """Return the policy of the stack: POLICY is one JSON text, ADDITIONAL_PURPOSES a list with commas."""
    try:
        read = _policy(json.loads(required(environment, "POLICY")), _additional_purposes(environment))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidSettings("POLICY is not the JSON that docs/configuration.md describes.") from error
    if (failures := read.most_failures()) >= FAILURES_CAP:
        raise InvalidSettings(
            f"POLICY allows {failures} wrong guesses in a row on one identity; it must stay below {FAILURES_CAP}. "
            "Lower StreakRefusalFailures, AddressDailyLimit or AttemptsAllowed."
        )
    return read


def _policy(raw: Any, additional: list[str]) -> Policy:  # noqa: ANN401 - checked member by member
    lifetimes = {name: _lifetime(name, value) for name, value in raw["purposes"].items()}
    extra = dict.fromkeys(additional, lifetimes["sign_in"])
    windows = raw["windows"]
    return Policy(
        purposes=extra | lifetimes,
        digits=_between(raw["digits"], CODE_LENGTHS.start, CODE_LENGTHS.stop - 1),
        attempts=_between(raw["attempts"], 1, 5),
        streak=Streak(
            step_up=_between(raw["streak"]["step_up"], 1, raw["streak"]["refuse"]),
            refuse=_between(raw["streak"]["refuse"], 1, 95),
        ),
        windows=Windows(
            address_interval=timedelta(seconds=_between(windows["address_interval"], 1, 3600)),
            address_hour=_between(windows["address_hour"], 1, REMEMBERED_SENDS),
            address_day=_between(windows["address_day"], 1, REMEMBERED_SENDS),
            source_hour=_between(windows["source_hour"], 1, 1_000_000),
            stack_day=_between(windows["stack_day"], STACK_SHARDS, 100_000_000),
        ),
    )


def _additional_purposes(environment: Environment) -> list[str]:
    names = [name for name in environment.get("ADDITIONAL_PURPOSES", "").split(",") if name]
    if not all(map(PURPOSE_NAME.fullmatch, names)):  # it would be issued for, and no guess could name it
        raise InvalidSettings("ADDITIONAL_PURPOSES has a name that no purpose can have.")
    return names


def _lifetime(purpose: str, raw: Mapping[str, int]) -> Lifetime:
    maximum = _between(raw["maximum"], 60, MAX_INTERACTIVE_SECONDS if purpose in _INTERACTIVE else MAX_LIFE_SECONDS)
    return Lifetime(life=timedelta(seconds=_between(raw["life"], 60, maximum)), maximum=timedelta(seconds=maximum))


def _between(value: object, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise InvalidSettings(f"A number of POLICY is not a whole number from {low} to {high}.")
    return value


def _choice[Choice: StrEnum](choices: type[Choice], environment: Environment, name: str) -> Choice:
    try:
        return choices(required(environment, name))
    except ValueError as error:
        raise InvalidSettings(f"{name} must be one of: {', '.join(choices)}.") from error
