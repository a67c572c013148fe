"""`otpost event`: an event for `sam local invoke`, about a challenge of a running sandbox."""

# ruff: noqa: PLC0415 - a command imports what costs time only when it runs
import json
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from otpost_tools.commands.options import DEFAULT_URL, Exit, Url


class Case(StrEnum):
    """What the event asks for."""

    ISSUE = "issue"
    VERIFY_ACCEPTED = "verify-accepted"
    VERIFY_WRONG = "verify-wrong"
    RESEND = "resend"
    STATUS = "status"
    CANCEL = "cancel"
    DELIVER = "deliver"


def event(
    case: Annotated[Case, typer.Argument(help="What the event asks for.", show_default=False)],
    *,
    email: Annotated[
        str | None, typer.Option(help="Issue for this address.", show_default="a new one at example.com")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write to this file, not to standard output.")] = None,
    url: Url = DEFAULT_URL,
) -> None:
    """Write an event for `sam local invoke`. All but issue are about a challenge that the sandbox issues first.

    Within 30 seconds resend is refused (429). The sandbox mails the code itself, so deliver finds nothing to do.
    """
    from otpost_tools.client import Client
    from otpost_tools.commands.event_cases import make
    from otpost_tools.commands.story import UnexpectedError

    address = email or f"ada-{secrets.token_hex(4)}@example.com"
    try:
        made = make(case, Client(base_url=url), email=address)
    except UnexpectedError as error:
        typer.echo(f"✘ {error}", err=True)
        raise typer.Exit(Exit.REFUSED) from error
    text = json.dumps(made, indent=2)
    if out is None:
        typer.echo(text)
    else:
        out.write_text(f"{text}\n", "utf-8")
