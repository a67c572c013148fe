"""MailQueue and its dead-letter queue, as SQS keeps them: at least once, in no order, hidden while somebody works."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.simulation.clock import Clock
from tests.simulation.numbers import BATCH_SIZE, MAX_RECEIVES, RETENTION, VISIBILITY


@dataclass(slots=True, eq=False)
class Message:
    """One message and how often it was received."""

    number: int
    body: str
    sent_at: datetime
    visible_at: datetime
    receives: int = 0


class Queue:
    """An Outbox that hands out what was put. *dead* are those that came too often without being done with."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = 0
        self.messages: list[Message] = []
        self.dead: list[Message] = []

    def put(self, token: str) -> None:
        """See Outbox."""
        self._numbers += 1
        self.messages.append(Message(self._numbers, token, self._clock.now, self._clock.now))

    def visible(self) -> list[Message]:
        """Return what may be received now, after what has waited too long or come too often is put away."""
        self.messages = [one for one in self.messages if self._clock.now - one.sent_at < RETENTION]
        visible = [one for one in self.messages if one.visible_at <= self._clock.now]
        worn = [one for one in visible if one.receives >= MAX_RECEIVES]
        for message in worn:
            self.messages.remove(message)
            self.dead.append(message)
        return [one for one in visible if one not in worn]

    def hidden(self) -> list[Message]:
        """Return what somebody received and has not finished: SQS may hand it out a second time nevertheless."""
        return [one for one in self.messages if one.visible_at > self._clock.now and one.receives < MAX_RECEIVES]

    def receive(self, messages: list[Message]) -> dict[str, Any]:
        """Hide *messages* and return the event that Lambda makes of them."""
        for message in messages[:BATCH_SIZE]:
            message.receives += 1
            message.visible_at = self._clock.now + VISIBILITY
        return {"Records": [_record(message) for message in messages[:BATCH_SIZE]]}

    def settle(self, event: dict[str, Any], response: dict[str, Any]) -> int:
        """Delete what a batch finished; return how many messages must come again."""
        failed = {failure["itemIdentifier"] for failure in response["batchItemFailures"]}
        finished = {record["messageId"] for record in event["Records"]} - failed
        self.messages = [one for one in self.messages if str(one.number) not in finished]
        return len(failed)

    def redrive(self) -> int:
        """Put the dead letters back, as an operator does; return how many."""
        moved, self.dead = self.dead, []
        for message in moved:
            message.receives, message.visible_at, message.sent_at = 0, self._clock.now, self._clock.now
        self.messages += moved
        return len(moved)

    def holds(self, token: str) -> bool:
        """Say whether a message with this id is in either queue."""
        return any(one.body == token for one in (*self.messages, *self.dead))


def _record(message: Message) -> dict[str, Any]:
    return {
        "messageId": str(message.number),
        "receiptHandle": f"receipt {message.number}/{message.receives}",
        "body": message.body,
        "attributes": {"ApproximateReceiveCount": str(message.receives)},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:MailQueue",
        "awsRegion": "eu-central-1",
    }
