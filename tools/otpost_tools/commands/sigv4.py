"""Signs requests as AWS IAM does (Signature Version 4), for stacks in backend mode."""

import os
import re
from collections.abc import Mapping

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.session import Session

from otpost_tools.client import Signer

_GATEWAY_HOST = re.compile(r"https://[^/]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com")


class NotSignableError(Exception):
    """There are no AWS credentials, or nobody said which Region."""


def signer_for(base_url: str) -> Signer:
    """Return a signer for *base_url* with the credentials of the environment, of the profile or of the machine.

    The Region comes from the API's host name, else from AWS_REGION or the AWS configuration.
    """
    session = Session()
    credentials = session.get_credentials()
    if credentials is None:
        raise NotSignableError("--aws-iam needs AWS credentials, and there are none.")
    host = _GATEWAY_HOST.match(base_url)
    # botocore itself reads AWS_DEFAULT_REGION and the profile; the other SDKs, and Lambda, say AWS_REGION.
    region = host[1] if host else os.environ.get("AWS_REGION") or session.get_config_variable("region")
    if not region:
        raise NotSignableError("--aws-iam needs a Region: set AWS_REGION.")
    authorizer = SigV4Auth(credentials, "execute-api", str(region))

    def sign(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
        request = AWSRequest(method=method, url=url, data=body, headers=dict(headers))
        authorizer.add_auth(request)
        return {name: str(value) for name, value in request.headers.items()}

    return sign
