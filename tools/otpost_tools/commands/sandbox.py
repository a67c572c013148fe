"""`otpost sandbox`: the whole stack on this machine, and what to do with it."""

# ruff: noqa: PLC0415 - a command imports what costs time only when it runs
from typing import Annotated

import typer

from otpost_tools.commands.options import pairs_of


def sandbox(
    *,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, envvar="OTPOST_PORT", help="0 takes a free one.", show_default="8000"),
    ] = None,
    parameters: Annotated[
        list[str] | None, typer.Option("--set", metavar="PARAMETER=VALUE", help="A parameter of template.yaml.")
    ] = None,
    bridge: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            envvar="OTPOST_BRIDGE",
            help="Let containers reach the backends, too: this machine's address on their bridge (Docker: 172.17.0.1).",
        ),
    ] = None,
) -> None:
    """Run the whole stack on this machine until Ctrl-C: no AWS account, no Docker, no mail leaves."""
    from otpost_tools.commands.welcome import announce
    from otpost_tools.sandbox.options import DEFAULT_PORT, SandboxOptions
    from otpost_tools.sandbox.server import run

    chosen = DEFAULT_PORT if port is None else port
    options = SandboxOptions(port=chosen, parameters=pairs_of(parameters), bridge=bridge)
    raise typer.Exit(run(options, announce))
