"""`otpost torture`: abuse a deployment's codes in parallel, and see whether its promises hold."""

# ruff: noqa: PLC0415 - a command imports what costs time only when it runs
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otpost_tools.commands.options import DEFAULT_URL, AsJson, AwsIam, Exit, Url

if TYPE_CHECKING:
    from otpost_tools.client import Signer
    from otpost_tools.torture.adapter import Adapter
    from otpost_tools.torture.inboxes import Inbox
    from otpost_tools.torture.plan import Plan
    from otpost_tools.torture.product import Product
    from otpost_tools.torture.report import Report


def torture(
    *,
    url: Url = DEFAULT_URL,
    inbox: Annotated[
        str | None,
        typer.Option(
            metavar="URL|imap|manual",
            help="Where codes are read: a JSON list over HTTP ({email} is the address), IMAP, or you.",
            show_default="the adapter's",
        ),
    ] = None,
    rounds: Annotated[int, typer.Option("--rounds", "-n", help="Rounds for each property.")] = 25,
    parallel: Annotated[int, typer.Option("--parallel", "-p", help="Requests at one instant.")] = 64,
    adapter: Annotated[
        Path | None, typer.Option(help="How to speak to another product.", show_default="OTPost", dir_okay=False)
    ] = None,
    address: Annotated[
        str | None, typer.Option(help="Addresses to use, with {run} and {n}.", show_default="the adapter's")
    ] = None,
    restart: Annotated[str | None, typer.Option(metavar="COMMAND", help="Restarts the product and returns.")] = None,
    owned: Annotated[
        str | None, typer.Option("--i-own-this", metavar="HOST", help="You may attack this host. Else only loopback.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="For the choice of guesses.", show_default="random")] = None,
    as_json: AsJson = False,
    aws_iam: AwsIam = False,
) -> None:
    """Attack a deployment of yours in parallel, and see whether its codes keep their promises.

    Exit codes: 0 nothing violated, 1 something violated, 2 wrong usage, 3 the run, or a part of it, could not be made.
    """
    import secrets

    from otpost_tools.torture import plan, reading
    from otpost_tools.torture.errors import RefusedTargetError, TortureError
    from otpost_tools.torture.product import Product
    from otpost_tools.torture.table import AdapterError

    try:
        spoken = reading.read(adapter or reading.BUILT_IN)
        made = plan.Plan(
            rounds=rounds,
            parallel=parallel,
            tries=spoken.limits.attempts_per_code or plan.UNDECLARED_TRIES,
            address=address or spoken.address,
            seed=secrets.randbelow(2**31) if seed is None else seed,
            restart=restart,
        )
        plan.checked(made, url, owned)
        product = Product(adapter=spoken, base_url=url, signer=_signer(url) if aws_iam else None)
        report = _measured(product, made, _inbox(inbox, url, spoken), quiet=as_json)
    except (AdapterError, RefusedTargetError) as error:
        raise _ended(error, Exit.USAGE) from error
    except TortureError as error:
        raise _ended(error, Exit.UNREACHABLE) from error
    _show(report, as_json=as_json)


def _measured(product: "Product", plan: "Plan", inbox: "Inbox", *, quiet: bool) -> "Report":
    import secrets
    import time
    from random import Random

    from rich.progress import Progress

    from otpost_tools.commands import output
    from otpost_tools.torture import running
    from otpost_tools.torture.campaign import Campaign
    from otpost_tools.torture.pauses import Pauses
    from otpost_tools.torture.plan import most
    from otpost_tools.torture.report import Report, announcement

    console = output.error_console()
    console.print(announcement(product.adapter, product.base_url, plan, most(plan, product.adapter)), markup=False)
    began = time.monotonic()
    with Progress(console=console, transient=True, disable=quiet or inbox.is_manual) as bar:
        task = bar.add_task("rounds", total=sum(stage.rounds(plan) for stage in running.STAGES))
        campaign = Campaign(
            product=product,
            inbox=inbox,
            plan=plan,
            run=secrets.token_hex(4),  # never from the seed: addresses must be fresh
            tick=lambda: bar.advance(task),
            random=Random(plan.seed),  # noqa: S311 - chooses guesses, hides nothing
            pauses=Pauses(product=product),
        )
        findings = running.run(campaign)
    seconds = time.monotonic() - began
    return Report(adapter=product.adapter, url=product.base_url, plan=plan, seconds=seconds, findings=findings)


def _inbox(wanted: str | None, url: str, adapter: "Adapter") -> "Inbox":
    import os

    from otpost_tools.torture import imap
    from otpost_tools.torture.errors import RefusedTargetError
    from otpost_tools.torture.inboxes import HttpInbox, ManualInbox

    if wanted == "imap":
        return imap.from_environment(os.environ, adapter.code)
    if wanted == "manual":
        return ManualInbox(ask=lambda question: str(typer.prompt(question, err=True)))
    where = wanted or adapter.inbox.url
    if where is None or "{email}" not in where:
        raise RefusedTargetError("--inbox must be imap, manual, or a URL with {email} where the address belongs")
    return HttpInbox(url=where, base_url=url, form=adapter.inbox, code_form=adapter.code)


def _signer(url: str) -> "Signer":
    from otpost_tools.commands.sigv4 import NotSignableError, signer_for

    try:
        return signer_for(url)
    except NotSignableError as error:
        raise typer.BadParameter(str(error)) from error


def _ended(error: Exception, code: Exit) -> typer.Exit:
    typer.echo(f"✘ {error}", err=True)
    return typer.Exit(code)


def _show(report: "Report", *, as_json: bool) -> None:
    from otpost_tools.commands import output

    if as_json:
        output.print_json(report.members())
    else:
        console = output.console()
        console.print(report.table())
        console.print(report.conclusion())
    if report.is_violated:
        raise typer.Exit(Exit.REFUSED)
    if report.is_incomplete:
        raise typer.Exit(Exit.UNREACHABLE)
