"""`otpost issue`, `verify`, `resend`, `status` and `cancel`: the HTTP API, one command an act."""

# ruff: noqa: PLC0415 - a command imports what costs time only when it runs

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from otpost_tools.commands.options import (
    DEFAULT_URL,
    AsJson,
    AwsIam,
    ChallengeId,
    Exit,
    IdempotencyKey,
    Purpose,
    Transaction,
    Url,
    pairs_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from otpost_tools.client import Answer, Client


def issue(
    email: Annotated[str, typer.Argument(help="Who shall prove control of this address.", show_default=False)],
    *,
    purpose: Purpose,
    transaction: Transaction = None,
    nonce: Annotated[str | None, typer.Option(help="Comes back in the receipt.")] = None,
    locale: Annotated[str | None, typer.Option(help="Language of the mail, such as en or de-AT.")] = None,
    idempotency_key: IdempotencyKey = None,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
    aws_iam: AwsIam = False,
) -> None:
    """Ask for a code for an address."""
    optional = {"transaction": pairs_of(transaction) or None, "nonce": nonce, "locale": locale}
    request: dict[str, object] = {"email": email, "purpose": purpose}
    request |= {name: value for name, value in optional.items() if value is not None}
    answer = _asked(url, lambda client: client.issue(request, idempotency_key=idempotency_key), aws_iam=aws_iam)
    _show(answer, f"A code is on its way to {email}.", as_json=as_json)
    if not as_json:
        pairs = [word for pair in transaction or () for word in ("--transaction", pair)]
        words = ["otpost", "verify", answer.text("challenge_id"), "CODE", "--purpose", purpose, *pairs]
        typer.echo(f"\n  {shlex.join(words)}")


def verify(
    challenge_id: ChallengeId,
    code: Annotated[str, typer.Argument(help="The digits from the mail; - reads them from stdin.", show_default=False)],
    *,
    purpose: Purpose,
    transaction: Transaction = None,
    idempotency_key: IdempotencyKey = None,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
    aws_iam: AwsIam = False,
) -> None:
    """Prove that the claimant read the mail. Prints the signed receipt."""
    digits = typer.get_text_stream("stdin").readline().strip() if code == "-" else code
    request: dict[str, object] = {"challenge_id": challenge_id, "code": digits, "purpose": purpose}
    if pairs := pairs_of(transaction):
        request["transaction"] = pairs
    answer = _asked(url, lambda client: client.verify(request, idempotency_key=idempotency_key), aws_iam=aws_iam)
    _show(answer, "Accepted.", as_json=as_json)


def resend(
    challenge_id: ChallengeId, *, url: Url = DEFAULT_URL, as_json: AsJson = False, aws_iam: AwsIam = False
) -> None:
    """Mail the same code once more. Attempts are not renewed."""
    answer = _asked(url, lambda client: client.act("resend", challenge_id), aws_iam=aws_iam)
    _show(answer, "The same code is on its way again.", as_json=as_json)


def status(
    challenge_id: ChallengeId, *, url: Url = DEFAULT_URL, as_json: AsJson = False, aws_iam: AwsIam = False
) -> None:
    """How a challenge stands, and how far its mail came."""
    answer = _asked(url, lambda client: client.act("status", challenge_id), aws_iam=aws_iam)
    _show(answer, "", as_json=as_json)


def cancel(
    challenge_id: ChallengeId, *, url: Url = DEFAULT_URL, as_json: AsJson = False, aws_iam: AwsIam = False
) -> None:
    """Void a challenge: its code will never be accepted."""
    answer = _asked(url, lambda client: client.act("cancel", challenge_id), aws_iam=aws_iam)
    _show(answer, "Cancelled.", as_json=as_json)


def _asked(url: str, ask: "Callable[[Client], Answer]", *, aws_iam: bool) -> "Answer":
    from otpost_tools.client import Client

    signer = None
    if aws_iam:
        from otpost_tools.commands.sigv4 import NotSignableError, signer_for

        try:
            signer = signer_for(url)
        except NotSignableError as error:
            raise typer.BadParameter(str(error)) from error
    return ask(Client(base_url=url, signer=signer))


def _show(answer: "Answer", headline: str, *, as_json: bool) -> None:
    from rich.markup import escape

    from otpost_tools.commands import output

    if as_json:
        output.print_json(answer.members)
    elif answer.is_success:
        console = output.console()
        if headline:
            console.print(f"[bold green]✔[/] {escape(headline)}")
        console.print(output.facts((name, _shown(name, value)) for name, value in answer.members.items()))
    else:
        console = output.error_console()
        console.print(output.refusal_line(answer))
        console.print(output.facts(output.flaw_rows(answer)))
    if not answer.is_success:
        raise typer.Exit(Exit.REFUSED)


def _shown(name: str, value: object) -> str:
    from otpost_tools.commands.output import clock_time

    return f"{clock_time(value)}  ({value})" if name.endswith("_at") else str(value)
