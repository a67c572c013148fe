"""KMS as `CodeKeys` and `IdentityKey`: HMAC keys that never leave it give keys that are kept in memory only."""

from typing import TYPE_CHECKING

from otpost.aws.clients import answering
from otpost.challenge_id import NEWEST_HOURS, OLDEST_HOURS
from otpost.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_KEPT_HOURS = OLDEST_HOURS + NEWEST_HOURS + 1
_MAC_OCTETS = 32


class KmsCodeKeys:
    """Hour keys of CodeKey: one call an execution environment and hour, none on the warm path."""

    def __init__(self, client: "KMSClient", key_arn: str) -> None:
        self._client = client
        self._key_arn = key_arn
        self._hour_keys: dict[int, bytes] = {}

    def hour_key(self, hour: int) -> bytes:
        """See CodeKeys."""
        if hour not in self._hour_keys:
            if len(self._hour_keys) >= _KEPT_HOURS:
                del self._hour_keys[min(self._hour_keys)]
            self._hour_keys[hour] = _mac(self._client, self._key_arn, f"otpost/code/v1/{hour}")
        return self._hour_keys[hour]


class KmsIdentityKey:
    """The key of pseudonyms, from IdentityKey: one call an execution environment."""

    def __init__(self, client: "KMSClient", key_arn: str) -> None:
        self._client = client
        self._key_arn = key_arn
        self._key: bytes | None = None

    def key(self) -> bytes:
        """See IdentityKey."""
        if self._key is None:
            self._key = _mac(self._client, self._key_arn, "otpost/identity/v1")
        return self._key


def _mac(client: "KMSClient", key_arn: str, message: str) -> bytes:
    with answering("KMS"):
        mac = client.generate_mac(KeyId=key_arn, MacAlgorithm="HMAC_SHA_256", Message=message.encode())["Mac"]
    if len(mac) != _MAC_OCTETS:  # a short key would make everything derived from it guessable
        raise Unavailable("KMS did not return an HMAC-SHA-256.")
    return mac
