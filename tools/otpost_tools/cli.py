"""The `otpost` command. Exit codes: 0 done, 1 refused, 2 wrong usage, 3 nothing answers there."""

import sys

import typer

from otpost_tools.client import UnreachableError
from otpost_tools.commands import challenges, demo, event, inbox, sandbox, torture
from otpost_tools.commands.options import Exit

app = typer.Typer(
    name="otpost",
    help="Email one-time codes in your own AWS account.\n\n"
    "Exit codes: 0 done, 1 refused (the stack said no, or a step failed), 2 wrong usage, 3 nothing answers there.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command(rich_help_panel="On this machine")(sandbox.sandbox)
app.command(rich_help_panel="On this machine")(demo.demo)
app.command(rich_help_panel="On this machine")(inbox.inbox)
app.command(rich_help_panel="On this machine")(event.event)
app.command(rich_help_panel="The API")(challenges.issue)
app.command(rich_help_panel="The API")(challenges.verify)
app.command(rich_help_panel="The API")(challenges.resend)
app.command(rich_help_panel="The API")(challenges.status)
app.command(rich_help_panel="The API")(challenges.cancel)
app.command(rich_help_panel="Proof")(torture.torture)


def main() -> None:
    """Run the command that the arguments name."""
    try:
        app()
    except UnreachableError as error:
        typer.echo(f"✘ {error}", err=True)
        sys.exit(Exit.UNREACHABLE)
