"""The backends' process: moto on a free port of 127.0.0.1.

Usage: python -m otpost_tools.sandbox.moto_server CLOCK_FILE PARENT_PID. It writes one JSON object a line to its
standard output (`ready` with the port first) and ends when its standard input does.
"""

import json
import os
import sys
import threading
from pathlib import Path

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from otpost_tools.sandbox import moto_transactions
from otpost_tools.sandbox.bootstrap import FollowedClock, die_with_parent
from otpost_tools.sandbox.moto_application import Application


class _Handler(MotoRequestHandler):
    """Keeps connections open, answers at once, and does not log requests (their bodies carry addresses)."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def main() -> None:
    """Serve until the sandbox is gone."""
    clock_file, parent = sys.argv[1:]
    die_with_parent(int(parent))
    # moto prints; its prints must not get between our lines.
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1, encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    threading.Thread(target=_end_with_input, daemon=True).start()

    def tell(event: dict[str, object]) -> None:
        channel.write(json.dumps(event) + "\n")

    moto_transactions.install()
    application = Application(DomainDispatcherApplication(create_backend_app), FollowedClock(Path(clock_file)), tell)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Handler)
    tell({"event": "ready", "port": server.server_port})
    server.serve_forever()


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
