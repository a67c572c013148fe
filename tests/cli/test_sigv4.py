"""Signing for stacks in backend mode, checked by the verifier that the sandbox puts before signed routes."""

from datetime import UTC, datetime

import pytest

from otpost_tools.commands.sigv4 import NotSignableError, signer_for
from otpost_tools.sandbox import place, signature
from otpost_tools.sandbox.event import HttpRequest
from tests.cli.conftest import Otpost
from tests.cli.fake_stack import FakeStack

BODY = b'{"email":"ada@example.com","purpose":"sign_in"}'
HEADERS = {"Content-Type": "application/json", "Idempotency-Key": "0123456789abcdef"}


@pytest.fixture
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")


@pytest.fixture
def credentials(no_credentials: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", signature.ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", signature.SECRET_KEY)
    monkeypatch.setenv("AWS_DEFAULT_REGION", place.REGION)


def signed(base_url: str, host: str, *, body: bytes = BODY) -> HttpRequest:
    headers = signer_for(base_url)("POST", f"{base_url}/v1/challenges", HEADERS, body)
    return HttpRequest(
        method="POST", path="/v1/challenges", query="", headers=(*headers.items(), ("Host", host)), body=body,
        source_ip="127.0.0.1", port=8000, received_at=datetime.now(UTC),
    )  # fmt: skip


def test_a_signed_request_passes(credentials: None) -> None:
    request = signed("http://127.0.0.1:8000", "127.0.0.1:8000")

    caller = signature.caller(request, datetime.now(UTC))
    assert caller is not None
    assert caller["accessKey"] == signature.ACCESS_KEY


def test_every_header_that_means_something_is_signed(credentials: None) -> None:
    request = signed("http://127.0.0.1:8000", "127.0.0.1:8000")

    covered = str(request.header("authorization")).partition("SignedHeaders=")[2].partition(",")[0].split(";")
    assert {"content-type", "host", "idempotency-key", "x-amz-date"} <= set(covered)


def test_the_region_is_the_apis_own(credentials: None) -> None:
    host = "abc123.execute-api.ap-southeast-2.amazonaws.com"

    request = signed(f"https://{host}", host)

    assert "/ap-southeast-2/execute-api/aws4_request" in str(request.header("authorization"))


def test_aws_region_names_the_region_of_a_custom_domain(credentials: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "sa-east-1")

    request = signed("https://otp.example.com", "otp.example.com")

    assert "/sa-east-1/execute-api/aws4_request" in str(request.header("authorization"))


def test_without_credentials_there_is_no_signer(no_credentials: None) -> None:
    with pytest.raises(NotSignableError, match="credentials"):
        signer_for("http://127.0.0.1:8000")


def test_without_a_region_there_is_no_signer(credentials: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")

    with pytest.raises(NotSignableError, match="Region"):
        signer_for("https://otp.example.com")


def test_aws_iam_without_credentials_is_wrong_usage(otpost: Otpost, stack: FakeStack, no_credentials: None) -> None:
    result = otpost("issue", "ada@example.com", "--purpose", "sign_in", "--aws-iam")

    assert result.exit_code == 2
    assert not stack.challenges


def test_aws_iam_signs_what_is_sent(otpost: Otpost, credentials: None) -> None:
    assert otpost("issue", "ada@example.com", "--purpose", "sign_in", "--aws-iam").exit_code == 0
