"""MailQueue as an `Outbox`: a message is the challenge id and nothing else, useless without CodeKey."""

from typing import TYPE_CHECKING

from otpost.aws.clients import answering

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class SqsOutbox:
    """Puts ids into the mail queue."""

    def __init__(self, client: "SQSClient", queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def put(self, token: str) -> None:
        """See Outbox."""
        with answering("SQS"):
            _ = self._client.send_message(QueueUrl=self._queue_url, MessageBody=token)[
                "MessageId"
            ]  # or it is not queued
