"""Routes with AWS_IAM take the sandbox's caller, signed by AWS's own signer, and nobody else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from otpost_tools.sandbox.event import HttpRequest
from otpost_tools.sandbox.signature import ACCESS_KEY, SECRET_KEY, caller
from tests.sandbox.speech import Answer, Speech

HOST = "127.0.0.1:8000"


def signed(url: str, body: bytes, *, secret: str = SECRET_KEY, region: str = "eu-central-1") -> dict[str, str]:
    """The headers that AWS's own signer gives a POST."""
    request = AWSRequest("POST", url, data=body, headers={"content-type": "application/json"})
    SigV4Auth(Credentials(ACCESS_KEY, secret), "execute-api", region).add_auth(request)
    return dict(request.headers)


def received(headers: dict[str, str], body: bytes, path: str = "/v1/x", query: str = "") -> HttpRequest:
    return HttpRequest(
        method="POST",
        path=path,
        query=query,
        headers=(("Host", HOST), *headers.items()),
        body=body,
        source_ip="127.0.0.1",
        port=8000,
        received_at=datetime.now(UTC),
    )


@pytest.mark.parametrize("path", ["/v1/x", "/v1/a%20b", "/v1/%7Etilde~", "/"])
@pytest.mark.parametrize("query", ["", "b=2&a=1", "a=%C3%A4&a=2", "empty="])
def test_signature_of_awss_signer_holds(path: str, query: str) -> None:
    url = f"http://{HOST}{path}" + (f"?{query}" if query else "")
    request = received(signed(url, b"{}"), b"{}", path, query)
    identity = caller(request, datetime.now(UTC))
    assert identity is not None
    assert identity["userArn"] == "arn:aws:iam::123456789012:user/sandbox-caller"


def test_signature_may_be_in_real_time_while_the_sandbox_is_ahead() -> None:
    request = received(signed(f"http://{HOST}/v1/x", b"{}"), b"{}")
    assert caller(request, datetime.now(UTC) + timedelta(days=9)) is not None


def change_header(name: str, value: str) -> Any:
    return lambda headers: {**headers, name: value}


@pytest.mark.parametrize(
    "tamper",
    [
        lambda headers: {name: value for name, value in headers.items() if name != "Authorization"},
        change_header("Authorization", "Bearer x"),
        change_header("X-Amz-Date", "20200101T000000Z"),
        change_header("X-Amz-Date", "yesterday"),
        change_header("content-type", "text/plain"),
        change_header("x-amz-content-sha256", "0" * 64),
    ],
)
def test_changed_request_is_nobodys(tamper: Any) -> None:
    headers = tamper(signed(f"http://{HOST}/v1/x", b"{}"))
    assert caller(received(headers, b"{}"), datetime.now(UTC)) is None


def test_other_body_secret_or_region_is_nobodys() -> None:
    url = f"http://{HOST}/v1/x"
    assert caller(received(signed(url, b"{}"), b"{ }"), datetime.now(UTC)) is None
    assert caller(received(signed(url, b"{}", secret="another"), b"{}"), datetime.now(UTC)) is None
    assert caller(received(signed(url, b"{}", region="us-east-1"), b"{}"), datetime.now(UTC)) is None


def test_signed_route_refuses_the_unsigned_and_names_the_signer(sandbox: Speech) -> None:
    body = b'{"do": "event"}'
    refused = sandbox.post("/signed", body)
    assert (refused.status, refused.json()) == (403, {"message": "Forbidden"})
    answer: Answer = sandbox.post("/signed", body, signed(f"{sandbox.url}/signed", body))
    assert answer.status == 200
    assert answer.json()["requestContext"]["authorizer"]["iam"]["accessKey"] == ACCESS_KEY
    assert sandbox.post("/maybe-signed", {"do": "event"}).status == 200  # browser mode
