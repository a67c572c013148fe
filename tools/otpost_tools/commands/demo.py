"""`otpost demo`: the whole story in the terminal, checked step by step."""

# ruff: noqa: PLC0415 - a command imports what costs time only when it runs
from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated

import typer

from otpost_tools.commands.options import AsJson, Exit, checked_url


def demo(
    *,
    url: Annotated[
        str | None,
        typer.Option("--url", callback=checked_url, help="A running sandbox. Without it, the demo starts its own."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell the whole story: ask, read, guess, prove, replay, resend, expire, be limited."""
    from otpost_tools.client import Client
    from otpost_tools.commands.telling import tell
    from otpost_tools.sandbox.errors import SandboxError

    try:
        with _sandbox(url) as base_url:
            passed = tell(Client(base_url=base_url), as_json=as_json)
    except SandboxError as error:
        typer.echo(f"✘ {error}", err=True)
        raise typer.Exit(Exit.REFUSED) from error
    if not passed:
        raise typer.Exit(Exit.REFUSED)


@contextmanager
def _sandbox(url: str | None) -> Generator[str]:
    """The sandbox at *url*; without one, a sandbox of our own on a free port, gone when the story is told."""
    if url is not None:
        yield url
        return
    from otpost_tools.sandbox.background import running
    from otpost_tools.sandbox.options import SandboxOptions

    with running(SandboxOptions(port=0)) as own:
        yield own.url
