"""Events as API Gateway and Lambda make them, about a challenge that a running sandbox has just issued."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from otpost_tools.client import Client, Members
from otpost_tools.commands.event import Case
from otpost_tools.commands.story import PURPOSE, Story
from otpost_tools.sandbox import event, place, records

_ISSUE = "/v1/challenges"
_QUEUE = f"arn:{place.PARTITION}:sqs:{place.REGION}:{place.ACCOUNT}:otpost-mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """A challenge, and the code that its claimant reads."""

    challenge_id: str
    code: str


def make(case: Case, client: Client, *, email: str) -> Members:
    """Return the event of *case*, after issuing for *email* at the sandbox whatever it is about.

    Raises UnexpectedError if the sandbox refuses to issue or no mail comes, UnreachableError if there is no sandbox.
    """
    now = client.time()
    if case is Case.ISSUE:
        return _http(_ISSUE, {"email": email, "purpose": PURPOSE}, now)
    mailed = issued(client, email)
    about: Members = {"challenge_id": mailed.challenge_id}
    match case:
        case Case.VERIFY_ACCEPTED:
            return _http(f"{_ISSUE}/verify", about | {"code": mailed.code, "purpose": PURPOSE}, now)
        case Case.VERIFY_WRONG:
            return _http(f"{_ISSUE}/verify", about | {"code": another_code(mailed.code), "purpose": PURPOSE}, now)
        case Case.RESEND | Case.STATUS | Case.CANCEL:
            return _http(f"{_ISSUE}/{case}", about, now)
        case Case.DELIVER:
            return _batch(mailed.challenge_id, now)
        case _:
            assert_never(case)


def issued(client: Client, email: str) -> Mailed:
    """Issue for *email* and wait for the mail."""
    story = Story(client=client)
    before = len(client.messages(email))
    challenge = story.issue(email)
    return Mailed(challenge_id=str(challenge["challenge_id"]), code=story.codes_mailed(email, count=before + 1)[0])


def another_code(code: str) -> str:
    """Return a code of the same length that is not *code*."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"


def _http(path: str, body: Members, now: datetime) -> Members:
    octets = json.dumps(body).encode()
    request = event.HttpRequest(
        method="POST",
        path=path,
        query="",
        headers=(("content-type", "application/json"), ("user-agent", "otpost-event")),
        body=octets,
        source_ip="127.0.0.1",
        port=80,
        received_at=now,
    )
    return event.build(request, route_key=f"POST {path}", caller=None)


def _batch(challenge_id: str, now: datetime) -> Members:
    sent = str(int(now.timestamp() * 1000))
    message = {
        "MessageId": str(uuid.uuid4()),
        "ReceiptHandle": uuid.uuid4().hex,
        "Body": challenge_id,
        "MD5OfBody": hashlib.md5(challenge_id.encode(), usedforsecurity=False).hexdigest(),
        "Attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": sent,
            "SenderId": place.ACCOUNT,
            "ApproximateFirstReceiveTimestamp": sent,
        },
    }
    batch: Members = json.loads(records.event([message], _QUEUE))
    return batch
