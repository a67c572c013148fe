"""Checks AWS's Signature Version 4 on requests to routes with AWS_IAM, against the sandbox's one caller."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote

from otpost_tools.sandbox import place
from otpost_tools.sandbox.event import HttpRequest, joined
from otpost_tools.sandbox.news import Caller

# Not a secret: it opens nothing but a sandbox on the same machine.
ACCESS_KEY = "SANDBOXCALLER"
SECRET_KEY = "sandbox-caller-secret-key"  # noqa: S105
SANDBOX_CALLER = Caller(access_key_id=ACCESS_KEY, secret_access_key=SECRET_KEY, region=place.REGION)
_IDENTITY = {
    "accessKey": ACCESS_KEY,
    "accountId": place.ACCOUNT,
    "callerId": "AIDASANDBOXCALLER",
    "cognitoIdentity": None,
    "principalOrgId": None,
    "userArn": f"arn:{place.PARTITION}:iam::{place.ACCOUNT}:user/sandbox-caller",
    "userId": "AIDASANDBOXCALLER",
}
_TOLERANCE = timedelta(minutes=5)
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=(?P<key>[^/,]+)/(?P<scope>[^,]+),\s*"
    r"SignedHeaders=(?P<headers>[^,]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    day: str
    scope: str
    headers: tuple[str, ...]
    signature: str


def caller(request: HttpRequest, now: datetime) -> dict[str, Any] | None:
    """The identity that signed *request*, as events name it; None if the signature is missing or does not hold.

    The client may not know the sandbox's time, so a signature may be as old as one of both clocks allows.
    """
    claim = _claim(request)
    stamp = request.header("x-amz-date") or ""
    if claim is None or not stamp.startswith(claim.day) or not _fresh(stamp, now) or not _body_matches(request):
        return None
    expected = _sign(claim, stamp, _canonical(request, claim))
    return dict(_IDENTITY) if hmac.compare_digest(expected, claim.signature) else None


def _claim(request: HttpRequest) -> _Claim | None:
    found = _AUTHORIZATION.fullmatch((request.header("authorization") or "").strip())
    if found is None or found["key"] != ACCESS_KEY:
        return None
    day, _, rest = found["scope"].partition("/")
    headers = tuple(found["headers"].split(";"))
    if rest != f"{place.REGION}/execute-api/aws4_request" or "host" not in headers:
        return None
    return _Claim(day=day, scope=found["scope"], headers=headers, signature=found["signature"])


def _fresh(stamp: str, now: datetime) -> bool:
    try:
        signed = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return any(abs(signed - clock) <= _TOLERANCE for clock in (now, datetime.now(UTC)))


def _body_hash(request: HttpRequest) -> str:
    return hashlib.sha256(request.body).hexdigest()


def _body_matches(request: HttpRequest) -> bool:
    return request.header("x-amz-content-sha256") in {None, _body_hash(request)}


def _canonical(request: HttpRequest, claim: _Claim) -> str:
    headers = joined(request.headers)
    lines = "".join(f"{name}:{' '.join(headers.get(name, '').split())}\n" for name in claim.headers)
    query = sorted(_encoded(pair) for pair in request.query.split("&") if pair)
    # The path is signed as it is sent and then encoded once more (as for every service but S3).
    parts = [request.method, quote(request.path, safe="/~"), "&".join(query), lines, ";".join(claim.headers)]
    return "\n".join([*parts, _body_hash(request)])


def _encoded(pair: str) -> str:
    name, _, value = pair.partition("=")
    return f"{quote(unquote(name), safe='~')}={quote(unquote(value), safe='~')}"


def _sign(claim: _Claim, stamp: str, canonical: str) -> str:
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, claim.scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{SECRET_KEY}".encode()
    for part in claim.scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()
