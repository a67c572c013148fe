"""SES as a `Mailer`: one raw MIME message, one recipient, always under the configuration set that demands TLS."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from otpost.aws.clients import answering, code_of, response_of, status_of
from otpost.aws.deadline import OutOfTime
from otpost.challenge_id import ChallengeKey
from otpost.ports import Sending

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_REFUSED_FOR_GOOD = frozenset({"MessageRejected", "BadRequestException"})
_NOT_VERIFIED = "Email address is not verified"
"""How SES begins a MessageRejected that speaks of us: an unverified sender, or an account still in SES's sandbox."""
_SERVER_ERROR = 500


class SesMailer:
    """Sends through SES v2."""

    def __init__(self, client: "SESV2Client", *, sender: str, configuration_set: str) -> None:
        self._client = client
        self._sender = sender
        self._configuration_set = configuration_set

    def send(self, mime: bytes, *, to: str, key: ChallengeKey) -> Sending:
        """See Mailer."""
        with answering("SES"):
            try:
                _ = self._client.send_email(
                    FromEmailAddress=self._sender,
                    Destination={"ToAddresses": [to]},
                    Content={"Raw": {"Data": mime}},
                    ConfigurationSetName=self._configuration_set,
                    EmailTags=[{"Name": "challenge", "Value": key}],
                )["MessageId"]
            except OutOfTime:
                return Sending.DEFERRED
            except ClientError as error:
                if status_of(error) >= _SERVER_ERROR:
                    raise
                return _refusal(error)
        return Sending.SENT


def _refusal(error: ClientError) -> Sending:
    """Tell what SES says of the message from what it says of us: throttling, a paused account, an unverified sender."""
    of_us = str(response_of(error).get("Error", {}).get("Message", "")).startswith(_NOT_VERIFIED)
    return Sending.REJECTED if code_of(error) in _REFUSED_FOR_GOOD and not of_us else Sending.DEFERRED
