"""`otpost inbox`: what the sandbox caught, or only the newest code."""

# ruff: noqa: PLC0415 - a command imports what costs time only when it runs

from typing import Annotated

import typer

from otpost_tools.commands.options import DEFAULT_URL, AsJson, Exit, Url


def inbox(
    *,
    to: Annotated[str | None, typer.Option(help="Only mail to this address.")] = None,
    code: Annotated[bool, typer.Option("--code", help="Print only the newest mail's code.")] = False,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """List the mails that the sandbox caught, and print the newest."""
    from otpost_tools.client import Client
    from otpost_tools.commands import output
    from otpost_tools.commands.mailed_code import code_in

    messages = Client(base_url=url).messages(to)
    if as_json and not code:
        output.print_json(messages)
        return
    if not messages:
        output.error_console().print("No mail yet." if to is None else f"No mail to {to} yet.", markup=False)
        raise typer.Exit(Exit.REFUSED)
    if code:
        found = code_in(str(messages[0].get("text") or ""))
        if found is None:
            output.error_console().print("The newest mail has no code.")
            raise typer.Exit(Exit.REFUSED)
        print(found)
        return
    console = output.console()
    console.print(
        output.facts((output.clock_time(m["received_at"]), str(m["to"]), str(m["subject"])) for m in messages)
    )
    console.rule(style="dim")
    console.print(str(messages[0].get("text") or ""), markup=False)
