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
) -> None:
    """Run the whole stack on this machine until Ctrl-C: no AWS account, no Docker, no mail leaves."""
    from otpost_tools.commands.welcome import announce
    from otpost_tools.sandbox.options import DEFAULT_PORT, SandboxOptions
    from otpost_tools.sandbox.server import run

    options = SandboxOptions(port=DEFAULT_PORT if port is None else port, parameters=pairs_of(parameters))
    raise typer.Exit(run(options, announce))
