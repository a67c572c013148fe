"""The event that an HTTP API hands to Lambda: payload format version 2.0, member by member as AWS sends it."""

import base64
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from otpost_tools.sandbox import place

# Bodies of these types arrive as text, all others in base64: forms too, and bodies without a type. AWS documents only
# that "binary" ones do; this is what others have measured (github.com/ministackorg/ministack, pull request 766).
_TEXT_TYPES = {"application/javascript", "application/json", "application/xml"}
# Between two neighbours, not for the function.
_HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
_DOMAIN = f"{place.API_ID}.execute-api.{place.REGION}.{place.URL_SUFFIX}"


def _request_id() -> str:
    return base64.b64encode(secrets.token_bytes(11)).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request as it came over the wire; *path* and *query* undecoded, *source_ip* the address of the TCP peer."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    source_ip: str
    port: int
    received_at: datetime
    request_id: str = field(default_factory=_request_id)
    trace: str = field(default_factory=lambda: f"Root=1-{secrets.token_hex(4)}-{secrets.token_hex(12)}")

    def header(self, name: str) -> str | None:
        """A header's value, or its values joined by commas."""
        return joined(self.headers).get(name.lower())


def joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by lower-case name, repeated ones joined by commas."""
    result: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        result[key] = f"{result[key]},{value}" if key in result else value
    return result


def build(request: HttpRequest, *, route_key: str, caller: dict[str, Any] | None) -> dict[str, Any]:
    """The event of *request*. *caller* is the identity that signed it, where the route asks for one."""
    headers = _headers(request)
    headers.pop("cookie", None)
    cookies = _cookies(request)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": request.path,
        "rawQueryString": request.query,
    }
    if cookies:
        event["cookies"] = cookies
    event["headers"] = headers
    if request.query:
        event["queryStringParameters"] = _query(request.query)
    event["requestContext"] = _context(request, route_key, headers, caller)
    if request.body:
        event["body"], event["isBase64Encoded"] = _body(request.body, headers)
    else:
        event["isBase64Encoded"] = False
    return event


def _headers(request: HttpRequest) -> dict[str, str]:
    headers = {name: value for name, value in joined(request.headers).items() if name not in _HOP_BY_HOP}
    headers.setdefault("content-length", str(len(request.body)))
    # What the client says about its way here is kept, and not believed: the peer's address comes last.
    said = headers.get("x-forwarded-for")
    headers["x-forwarded-for"] = f"{said}, {request.source_ip}" if said else request.source_ip
    headers["x-forwarded-port"] = str(request.port)
    headers["x-forwarded-proto"] = "http"
    headers["x-amzn-trace-id"] = request.trace
    return dict(sorted(headers.items()))


def _cookies(request: HttpRequest) -> list[str]:
    values = [value for name, value in request.headers if name.lower() == "cookie"]
    return [cookie.strip() for value in values for cookie in value.split(";") if cookie.strip()]


def _query(query: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    result: dict[str, str] = {}
    for name, _, value in pairs:
        key, text = unquote_plus(name), unquote_plus(value)
        result[key] = f"{result[key]},{text}" if key in result else text
    return result


def _context(
    request: HttpRequest, route_key: str, headers: dict[str, str], caller: dict[str, Any] | None
) -> dict[str, Any]:
    context: dict[str, Any] = {"accountId": place.ACCOUNT, "apiId": place.API_ID}
    if caller is not None:
        context["authorizer"] = {"iam": caller}
    context |= {
        "domainName": _DOMAIN,
        "domainPrefix": place.API_ID,
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": "HTTP/1.1",
            "sourceIp": request.source_ip,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": request.request_id,
        "routeKey": route_key,
        "stage": "$default",
        "time": request.received_at.strftime("%d/%b/%Y:%H:%M:%S %z"),
        "timeEpoch": int(request.received_at.timestamp() * 1000),
    }
    return context


def _body(body: bytes, headers: dict[str, str]) -> tuple[str, bool]:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if (kind.startswith("text/") or kind in _TEXT_TYPES) and "content-encoding" not in headers:
        try:
            return body.decode("utf-8"), False
        except UnicodeDecodeError:
            pass  # AWS must carry it somehow; base64 is the way that loses nothing
    return base64.b64encode(body).decode(), True
