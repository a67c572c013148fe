"""`python -m otpost_tools.sandbox`: run the stack on this machine, and say so in plain lines."""

import argparse
import sys
from pathlib import Path

from otpost_tools.sandbox.news import News, Progress, Refused, Started, Stopped
from otpost_tools.sandbox.options import SandboxOptions
from otpost_tools.sandbox.server import run


def main() -> int:
    """Read the command line, and run."""
    parser = argparse.ArgumentParser(prog="python -m otpost_tools.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, help="port of 127.0.0.1 (default: OTPOST_PORT, else 8000; 0: a free one)")
    parser.add_argument("--set", action="append", default=[], metavar="PARAM=VALUE", help="a template parameter")
    parser.add_argument("--template", type=Path, help="the SAM template (default: this repository's)")
    parser.add_argument("--bridge", metavar="ADDRESS", help="serve containers on their bridge (default: OTPOST_BRIDGE)")
    arguments = parser.parse_args()
    names = ("port", "template", "bridge")
    given = {name: getattr(arguments, name) for name in names if getattr(arguments, name) is not None}
    pairs = [pair.partition("=") for pair in arguments.set]
    return run(SandboxOptions(parameters={name: value for name, _, value in pairs}, **given), announce)


def announce(news: News) -> None:
    """Print one piece of news."""
    match news:
        case Progress():
            print(f"… {news.text}", flush=True)
        case Started():
            print("\n".join(_lines(news)), flush=True)
        case Refused():
            print(news.text, file=sys.stderr, flush=True)
        case Stopped():
            print("Stopped.", flush=True)


def _lines(started: Started) -> list[str]:
    lines = [f"Ready in {started.seconds:.1f} s: {started.url}", f"Inbox: {started.inbox_url}"]
    lines += [f"  {route.key} → {route.function}{' (signed)' if route.signed else ''}" for route in started.routes]
    lines += [f"{name} does not start: {error}" for name, error in started.init_errors.items()]
    lines += [f"Backends: {started.backends_url}", f"Tables: {started.dynamodb}"]
    if started.caller is not None:
        lines.append(f"Sign with access key {started.caller.access_key_id}, {started.caller.secret_access_key}")
    left_out = ", ".join(f"{count} × {kind}" for kind, count in started.not_emulated.items())
    lines.append(f"Declared, but not run here: {left_out or 'nothing'}")
    lines.append(f"The same backends from SAM: {started.build_command} && {started.invoke_command}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
