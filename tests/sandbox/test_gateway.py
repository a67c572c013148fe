"""The HTTP API in front of the functions."""

import gzip
import json
import socket
from urllib.parse import urlsplit

import pytest

from tests.sandbox.speech import Speech

ALLOWED, FOREIGN = "https://a.example", "https://evil.example"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nothing"), ("DELETE", "/probe"), ("POST", "/probe/"), ("HEAD", "/probe"), ("GET", "/")],
)
def test_what_is_no_route_is_not_found(sandbox: Speech, method: str, path: str) -> None:
    answer = sandbox.send(method, path)
    assert answer.status == 404
    assert answer.header("content-type") == "application/json"
    assert answer.body in {b"", b'{"message":"Not Found"}'}


def test_event_comes_from_the_request_as_it_was_sent(sandbox: Speech) -> None:
    event = sandbox.get("/probe?a=1&a=2", {"X-Mixed-Case": "v", "X-Forwarded-For": "6.6.6.6"}).json()
    assert event["routeKey"] == "GET /probe"
    assert event["rawQueryString"] == "a=1&a=2"
    assert event["headers"]["x-mixed-case"] == "v"
    assert event["headers"]["x-forwarded-for"] == "6.6.6.6, 127.0.0.1"
    assert event["requestContext"]["http"]["sourceIp"] == "127.0.0.1"
    assert "authorizer" not in event["requestContext"]


def test_answer_does_not_name_the_server(sandbox: Speech) -> None:
    answer = sandbox.get("/probe")
    assert answer.header("server") is None
    assert answer.header("apigw-requestid") == answer.json()["requestContext"]["requestId"]


def test_body_over_ten_megabytes_is_refused(sandbox: Speech) -> None:
    answer = sandbox.post("/probe", b"x" * (10 * 1024 * 1024 + 1))
    assert (answer.status, answer.json()) == (413, {"message": "Request Entity Too Large"})


def test_event_over_lambdas_six_megabytes_is_refused(sandbox: Speech) -> None:
    assert sandbox.post("/probe", b"x" * (7 * 1024 * 1024), {"content-type": "text/plain"}).status == 413


def test_answer_over_six_megabytes_is_an_internal_error(sandbox: Speech) -> None:
    assert sandbox.probe(do="large", size=7 * 1024 * 1024).status == 500
    assert len(sandbox.probe(do="large", size=5 * 1024 * 1024).body) == 5 * 1024 * 1024


def test_compressed_body_arrives_as_it_was_sent(sandbox: Speech) -> None:
    packed = gzip.compress(b'{"do": "event"}')
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    answer = sandbox.post("/probe", packed, headers)
    assert answer.status == 500  # the fixture does not unpack; what matters is what it got
    assert any("UnicodeDecodeError" in line or "JSONDecodeError" in line for line in sandbox.lines("ProbeFunction"))
    assert sandbox.post("/probe", b"no gzip at all", headers).status == 500


def test_chunked_body_arrives_whole(sandbox: Speech) -> None:
    host, port = urlsplit(sandbox.url).netloc.split(":")
    lines = ["POST /probe HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json", "Transfer-Encoding: chunked"]
    head = "\r\n".join([*lines, "", ""])
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head.encode() + b'8\r\n{"do": "\r\n7\r\nevent"}\r\n0\r\n\r\n')
        answer = connection.recv(65_536)
    event = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert json.loads(event["body"]) == {"do": "event"}
    assert event["headers"]["content-length"] == "15"
    assert "transfer-encoding" not in event["headers"]


def test_empty_answer_has_no_body(sandbox: Speech) -> None:
    answer = sandbox.probe(do="give", answer={"statusCode": 204})
    assert (answer.status, answer.body) == (204, b"")


def test_preflight_of_an_allowed_origin_names_methods_and_headers(sandbox: Speech) -> None:
    headers = {"Origin": ALLOWED, "Access-Control-Request-Method": "POST"}
    answer = sandbox.send("OPTIONS", "/probe", None, headers)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.header("access-control-allow-origin") == ALLOWED
    assert answer.header("access-control-allow-methods") == "GET,POST"
    assert answer.header("access-control-allow-headers") == "content-type"
    assert answer.header("access-control-max-age") == "600"


def test_foreign_origin_gets_no_cors_headers(sandbox: Speech) -> None:
    preflight = {"Origin": FOREIGN, "Access-Control-Request-Method": "POST"}
    own = {"statusCode": 200, "headers": {"access-control-allow-origin": "*"}, "body": "x"}
    for answer in (
        sandbox.send("OPTIONS", "/probe", None, preflight),
        sandbox.post("/probe", {"do": "give", "answer": own}, {"Origin": FOREIGN}),
    ):
        assert answer.header("access-control-allow-origin") is None


def test_allowed_origin_may_read_the_answer(sandbox: Speech) -> None:
    assert sandbox.get("/probe", {"Origin": ALLOWED}).header("access-control-allow-origin") == ALLOWED


def test_one_connection_serves_many_requests(sandbox: Speech) -> None:
    host, port = urlsplit(sandbox.url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        for _ in range(3):
            connection.sendall(b"GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert connection.recv(4096).startswith(b"HTTP/1.1 404")
