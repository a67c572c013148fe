"""What `otpost sandbox` prints: what runs, what does not, and lines to paste."""

import shlex
from typing import assert_never

from rich.console import Console
from rich.markup import escape

from otpost_tools.commands.output import console, error_console, facts
from otpost_tools.sandbox import bridge
from otpost_tools.sandbox.news import Caller, News, Progress, Refused, Started, Stopped

ADDRESS = "ada@example.com"
_NEWEST_CODE = """grep -oE '"text": *"[0-9]{6,10}' | head -n 1 | grep -oE '[0-9]+'"""


def announce(news: News) -> None:
    """Print one piece of news of a sandbox."""
    match news:
        case Progress():
            console().print(f"[dim]… {escape(news.text)}[/]")
        case Started():
            _welcome(console(), news)
        case Refused():
            error_console().print(f"[bold red]✘[/] {escape(news.text)}")
        case Stopped():
            console().print("\n[dim]Stopped; nothing is left running.[/]")
        case _:
            assert_never(news)


def _welcome(out: Console, started: Started) -> None:
    out.print(
        f"\n[bold green]✔[/] [bold]OTPost sandbox[/] at [bold]{started.url}[/]  [dim]in {started.seconds:.1f} s[/]"
    )
    out.print(f"  [bold]Inbox[/]  {started.inbox_url}\n")
    out.print(f"  [bold]DynamoDB[/]  {escape(started.dynamodb)}\n")
    out.print("  [bold]Runs[/]")
    out.print(facts((route.key, route.function + (" (signed)" if route.signed else "")) for route in started.routes))
    for name, error in started.init_errors.items():
        out.print(f"  [bold red]✘ {escape(name)} does not start:[/] {escape(error)}")
    if started.not_emulated:
        out.print("\n  [bold]Declared, but not emulated here[/]")
        out.print(facts((f"{count:>3} ×", kind) for kind, count in sorted(started.not_emulated.items())))
    if started.caller is not None:
        _print_signed(out, started.caller)
    out.print("\n  [bold]Ask for a code, read the mail, prove it[/]  [dim](paste all of it)[/]")
    for line in paste_lines(started.url, started.caller):
        _print_line(out, line)
    linux = f"on Linux: otpost sandbox --bridge {bridge.DOCKER}"
    out.print(f"\n  [bold]One function in Lambda's own container[/]  [dim]({linux})[/]")
    _print_line(out, started.build_command)
    _print_line(out, started.invoke_command)
    out.print(
        "\n[dim]The same story, explained: [/]otpost demo --url " + started.url + "[dim]   Ctrl-C stops everything.[/]"
    )


def paste_lines(url: str, caller: Caller | None = None) -> list[str]:
    """Shell lines that need nothing but curl and grep."""
    curl = f"curl -s {_signed(caller)}-H 'content-type: application/json' {url}/v1/challenges"
    issue = f"""'{{"email":"{ADDRESS}","purpose":"sign_in"}}'"""
    verify = """'{"challenge_id":"'$ID'","code":"'$CODE'","purpose":"sign_in"}'"""
    read = f"curl -s '{url}/_sandbox/messages?to={ADDRESS}'"
    return [
        f"""ID=$({curl} -d {issue} | grep -o '"challenge_id": *"[^"]*' | cut -d'"' -f4); echo $ID""",
        f"sleep 1; CODE=$({read} | {_NEWEST_CODE}); echo $CODE",
        f"{curl}/verify -d {verify}",
    ]


def _print_signed(out: Console, caller: Caller) -> None:
    out.print("\n  [bold]The signed routes take this identity[/]  [dim](otpost issue … --aws-iam)[/]")
    _print_line(out, f"export AWS_ACCESS_KEY_ID={shlex.quote(caller.access_key_id)}")
    _print_line(out, f"export AWS_SECRET_ACCESS_KEY={shlex.quote(caller.secret_access_key)}")
    _print_line(out, f"export AWS_REGION={shlex.quote(caller.region)}")


def _signed(caller: Caller | None) -> str:
    if caller is None:
        return ""
    user = shlex.quote(f"{caller.access_key_id}:{caller.secret_access_key}")
    return f"--aws-sigv4 aws:amz:{caller.region}:execute-api --user {user} "


def _print_line(out: Console, line: str) -> None:
    """As one line, however narrow the terminal: it is to be pasted."""
    out.print(f"    [cyan]{escape(line)}[/]", soft_wrap=True)
