"""An event served by an act of one's own."""

from collections.abc import Callable
from typing import Any

from otpost import http, telemetry
from otpost.answer import Answer
from otpost.errors import Error
from otpost.request import Request
from tests.contract.samples import NOW
from tests.unit.events import event

ROUTE = "POST /v1/challenges"


def serve(act: Callable[[Request], Answer], **changes: Any) -> http.Response:
    """Serve an event; the logger is made here since it takes standard output as it finds it."""
    routes = {ROUTE: http.Route("Challenges", act)}
    return http.serve(event(**{"members": {}} | changes), routes, log=telemetry.logger(), now=NOW)


def failing(error: Error) -> Callable[[Request], Answer]:
    def act(_: Request) -> Answer:
        raise error

    return act
