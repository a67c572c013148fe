"""HTTP API events (payload format 2.0) and SQS batches, as API Gateway and Lambda make them."""

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "events"
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
"""The time in the files of `events/`, and the clock of these tests."""

HOST = "abc123.execute-api.eu-central-1.amazonaws.com"
IAM = {
    "accessKey": "ASIAIOSFODNN7EXAMPLE",
    "accountId": "123456789012",
    "callerId": "AROAIOSFODNN7EXAMPLE:backend-1",
    "cognitoIdentity": None,
    "principalOrgId": "aws:PrincipalOrgID",
    "userArn": "arn:aws:sts::123456789012:assumed-role/relying-party/backend-1",
    "userId": "AROAIOSFODNN7EXAMPLE:backend-1",
}


def stored(name: str) -> dict[str, Any]:
    """Return the event of `events/<name>.json`."""
    event: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return event


def http_event(
    route: str,
    members: object = None,
    *,
    key: str | None = None,
    headers: dict[str, str] | None = None,
    source_ip: str = "192.0.2.10",
    iam: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the event of a request with these members; *headers* come on top of what every request has."""
    method, _, path = route.partition(" ")
    body = None if members is None else json.dumps(members)
    sent = {"host": HOST, "user-agent": "curl/8.5.0", "x-forwarded-for": source_ip, "x-forwarded-proto": "https"}
    if body is not None:
        sent |= {"content-type": "application/json", "content-length": str(len(body))}
    if key is not None:
        sent["idempotency-key"] = key
    context: dict[str, Any] = {
        "accountId": "123456789012",
        "apiId": "abc123",
        "domainName": HOST,
        "domainPrefix": "abc123",
        "http": {
            "method": method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": source_ip,
            "userAgent": "curl/8.5.0",
        },
        "requestId": "JKJaXmPLvHcESHA=",
        "routeKey": route,
        "stage": "$default",
        "time": "01/Nov/2026:12:00:00 +0000",
        "timeEpoch": 1793534400000,
    }
    if iam is not None:
        context["authorizer"] = {"iam": iam}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": "",
        "headers": sent | (headers or {}),
        "requestContext": context,
        "isBase64Encoded": False,
    }
    return event if body is None else event | {"body": body}


def batch(*bodies: str) -> dict[str, Any]:
    """Return a batch of MailQueue with these bodies."""
    record = stored("deliver-garbage")["Records"][0]
    return {"Records": [record | {"messageId": str(uuid.uuid4()), "body": body} for body in bodies]}
