"""gunicorn's configuration: say so when every worker has been started."""

from gunicorn.arbiter import Arbiter


def when_ready(server: Arbiter) -> None:
    """Print the line that a starter of this peer waits for."""
    host, port = server.address[0]
    print(f"ready: django-allauth on http://{host}:{port}, pid {server.pid}", flush=True)
