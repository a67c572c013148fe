"""HTTP API events, payload format 2.0, as API Gateway makes them."""

import base64
import json
from typing import Any

ISSUE = "POST /v1/challenges"


def event(
    members: object = None,
    *,
    route: str = ISSUE,
    raw: str | None = None,
    octets: bytes | None = None,
    headers: dict[str, str] | None = None,
    source_ip: str = "192.0.2.1",
    iam: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Return an event whose body is *members* as JSON, or *raw* text, or *octets* in base64."""
    context: dict[str, Any] = {"http": {"method": route.partition(" ")[0], "sourceIp": source_ip}}
    if iam is not None:
        context["authorizer"] = {"iam": iam}
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "headers": {"content-type": "application/json"} if headers is None else headers,
        "requestContext": context,
        "isBase64Encoded": octets is not None,
    }
    if octets is not None:
        made["body"] = base64.b64encode(octets).decode()
    elif raw is not None or members is not None:
        made["body"] = json.dumps(members) if raw is None else raw
    return made
