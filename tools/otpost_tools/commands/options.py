"""The options that several commands share, and the exit codes that all of them keep."""

from enum import IntEnum
from typing import Annotated
from urllib.parse import urlsplit

import typer

DEFAULT_URL = "http://127.0.0.1:8000"


class Exit(IntEnum):
    """0 done · 1 refused by the stack, or a step failed · 2 wrong usage · 3 nothing answers there."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    UNREACHABLE = 3


def checked_url(value: str | None) -> str | None:
    """The base URL without a trailing slash; a usage error if it is none."""
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise typer.BadParameter("must be a base URL such as https://otp.example.com")
    return value.rstrip("/")


def pairs_of(values: list[str] | None) -> dict[str, str]:
    """Read `name=value` options; the value may hold further equals signs."""
    pairs: dict[str, str] = {}
    for value in values or []:
        name, equals, rest = value.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{value!r} is not NAME=VALUE")
        if name in pairs:
            raise typer.BadParameter(f"{name} is given twice")
        pairs[name] = rest
    return pairs


Url = Annotated[
    str, typer.Option("--url", envvar="OTPOST_URL", callback=checked_url, help="Base URL of the stack or the sandbox.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON, for scripts.")]
AwsIam = Annotated[bool, typer.Option("--aws-iam", help="Sign as AWS IAM asks (a stack in backend mode).")]
Purpose = Annotated[str, typer.Option("--purpose", help="sign_in, verify_email, recovery, transaction, or your own.")]
Transaction = Annotated[
    list[str] | None, typer.Option("--transaction", metavar="NAME=VALUE", help="A detail that the code is bound to.")
]
IdempotencyKey = Annotated[
    str | None, typer.Option("--idempotency-key", help="16 to 128 visible characters: asking again is safe.")
]
ChallengeId = Annotated[str, typer.Argument(help="As `otpost issue` printed it.", show_default=False)]
