"""The backends as one WSGI application: moto, one request at a time, on the sandbox's clock, and tapped.

moto has no locks of its own and loses races, so the lock here is what makes a conditional write conditional.
"""

import io
import json
import threading
from collections.abc import Callable, Iterable
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.ses.models import ses_backends
from moto.sqs.models import sqs_backends

from otpost_tools.sandbox import place
from otpost_tools.sandbox.bootstrap import FollowedClock
from otpost_tools.sandbox.paths import EMPTY, SEND_EMAIL

_SEND_MESSAGE = {"AmazonSQS.SendMessage", "AmazonSQS.SendMessageBatch"}

type Environ = dict[str, Any]
type StartResponse = Callable[..., Any]
type Moto = Callable[[Environ, StartResponse], Iterable[bytes]]
type Tell = Callable[[dict[str, object]], None]


class Application:
    """Serves moto. *tell* hears of every message that was queued and every mail that was sent."""

    def __init__(self, moto: Moto, clock: FollowedClock, tell: Tell) -> None:
        self._moto = moto
        self._clock = clock
        self._tell = tell
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        """Answer one request, read in full before its turn and answered in full within it."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        with self._lock:
            self._clock.follow()
            if environ["PATH_INFO"] == EMPTY:
                empty()
                start_response("204 No Content", [("Content-Length", "0")])
                return []
            return [self._answer(environ, body, start_response)]

    def _answer(self, environ: Environ, body: bytes, start_response: StartResponse) -> bytes:
        status = ""

        def start(line: str, headers: list[tuple[str, str]], *rest: object) -> object:
            nonlocal status
            status = line
            return start_response(line, headers, *rest)

        answer = b"".join(self._moto(environ, start))
        if status.startswith("200"):
            self._tap(environ, body, answer)
        return answer

    def _tap(self, environ: Environ, body: bytes, answer: bytes) -> None:
        if environ.get("HTTP_X_AMZ_TARGET") in _SEND_MESSAGE:
            self._tell({"event": "queued", "queue_url": json.loads(body)["QueueUrl"]})
        elif environ["PATH_INFO"] == SEND_EMAIL and environ["REQUEST_METHOD"] == "POST":
            self._tell({"event": "mail", "id": json.loads(answer)["MessageId"], "request": json.loads(body)})


def empty() -> None:
    """Remove every item, message and sent mail; tables, queues, keys and identities stay."""
    for table in dynamodb_backends[place.ACCOUNT][place.REGION].tables.values():
        table.items.clear()
    for queue in sqs_backends[place.ACCOUNT][place.REGION].queues.values():
        queue._messages.clear()  # noqa: SLF001 (purge() refuses a second time within a minute)
        queue.pending_messages.clear()
        queue.deleted_messages.clear()
    ses_backends[place.ACCOUNT][place.REGION].sent_messages.clear()
