"""Signs requests as the sandbox's one caller (AWS Signature Version 4), for backend mode."""

from collections.abc import Mapping

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from otpost_tools.sandbox.place import REGION
from otpost_tools.sandbox.signature import ACCESS_KEY, SECRET_KEY


def signed(method: str | None, url: str | None, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    """Return *headers* and the signature over method, URL and body; the other headers are not signed."""
    request = AWSRequest(method=method, url=url, data=body)
    SigV4Auth(Credentials(ACCESS_KEY, SECRET_KEY), "execute-api", REGION).add_auth(request)
    return {**headers, **{name: str(value) for name, value in request.headers.items()}}


def unsigned(method: str, url: str, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    """Return *headers* as they are, for browser mode."""
    return dict(headers)
