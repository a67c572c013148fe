"""How to speak to a product: its calls, what its answers mean, and what it declares. Plain values, read from a file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

type Json = str | int | float | bool | list[Json] | dict[str, Json] | None


class Outcome(StrEnum):
    """What an answer means. Rules name all but the last two."""

    ISSUED = "issued"
    LIMITED = "limited"  # asked too often; no code was looked at, no mail sent
    ACCEPTED = "accepted"
    WRONG = "wrong"  # the guess was looked at, and its answer says so
    REFUSED = "refused"  # answered without telling whether the guess was right
    ERROR = "error"  # a 5xx that no rule fits, or no answer
    UNKNOWN = "unknown"  # any other answer that no rule fits


class Source(StrEnum):
    """Where in an answer a variable is found."""

    JSON = "json"
    COOKIE = "cookie"
    HEADER = "header"
    BODY = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A value to keep: a JSON path, the name of a cookie or header, or a pattern whose first group is the value."""

    source: Source
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. Every text may hold `{placeholders}`; at most one of *json* and *form* is not None."""

    method: str
    path: str
    headers: Mapping[str, str]
    json: Json = None
    form: Mapping[str, str] | None = None
    capture: Mapping[str, Capture] = field(default_factory=dict[str, Capture])


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An answer that fulfils all of it means *outcome*. No status given: any."""

    outcome: Outcome
    statuses: frozenset[int]
    json: Mapping[str, Json]
    headers: Mapping[str, re.Pattern[str]]
    body: re.Pattern[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A call whose answer is judged by the first rule that fits, and the calls to make *before* it.

    Those before verify are made once for a challenge, before its first guess.
    """

    call: Call
    before: tuple[Call, ...]
    rules: tuple[Rule, ...]
    idempotency_header: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeForm:
    """How a code is found in a mail (*pattern*, first group) and which characters of it a guess varies."""

    pattern: re.Pattern[str]
    alphabet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxForm:
    """An HTTP inbox: *url* with {email}, the JSON path of its list of mails, and of the text inside one."""

    url: str | None
    messages: str
    text: str
    newest_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the product's own documentation declares; None where it declares nothing.

    *single_use* is False for a product that says that its codes may work more than once.
    """

    single_use: bool
    attempts_per_code: int | None
    guesses_per_address: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """A product as the kit sees it. *interval_seconds* is how long it wants between two codes for one address.

    *replaces*: a new code for an address voids the one before. *clock* moves the product's time by {seconds}.
    """

    name: str
    version: str
    address: str
    limits: Limits
    code: CodeForm
    inbox: InboxForm
    issue: Step
    verify: Step
    resend: Step | None
    clock: Call | None
    interval_seconds: int
    replaces: bool
