"""The sandbox's own routes: who may use them, feedback, and a fresh start."""

import json

import pytest

from tests.sandbox.speech import Speech, eventually


def hosts(sandbox: Speech) -> str:
    return sandbox.url.removeprefix("http://")


@pytest.mark.parametrize("path", ["/_sandbox/messages", "/_sandbox/state", "/%5Fsandbox/messages", "/_sandbox/stream"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8000"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
    ],
)
def test_pages_of_other_origins_see_nothing(sandbox: Speech, path: str, headers: dict[str, str]) -> None:
    answer = sandbox.get(path, headers)
    assert (answer.status, answer.header("content-type")) == (403, "application/problem+json")


@pytest.mark.parametrize("path", ["clock", "reset", "feedback"])
def test_pages_of_other_origins_change_nothing(sandbox: Speech, path: str) -> None:
    body = {"advance_seconds": 5}
    assert sandbox.post(f"/_sandbox/{path}", body, {"Origin": "https://evil.example"}).status == 403
    assert sandbox.get("/_sandbox/state").json()["offset_seconds"] == 0


def test_own_page_may_use_them(sandbox: Speech) -> None:
    assert sandbox.get("/_sandbox/messages", {"Origin": sandbox.url}).status == 200
    port = hosts(sandbox).partition(":")[2]
    named = {"Host": f"localhost:{port}", "Origin": f"http://localhost:{port}"}
    assert sandbox.get("/_sandbox/messages", named).status == 200


def test_page_is_served_and_nothing_beside_it(sandbox: Speech) -> None:
    page = sandbox.get("/_sandbox/")
    assert page.status == 200
    assert "script-src 'self'" in (page.header("content-security-policy") or "")
    assert sandbox.get("/_sandbox").header("location") == "/_sandbox/"
    for path in ("../routes.py", "..%2froutes.py", "%2e%2e/routes.py", "nothing.js", "."):
        assert sandbox.get(f"/_sandbox/{path}").status in {403, 404}


def test_state_tells_what_runs_and_what_does_not(sandbox: Speech) -> None:
    state = sandbox.get("/_sandbox/state").json()
    routes = {(route["method"], route["path"]): route["signed"] for route in state["routes"]}
    assert routes[("POST", "/signed")] is True
    assert routes[("POST", "/maybe-signed")] is False
    assert state["not_emulated"]["AWS::CloudWatch::Alarm"] == 1
    assert "AWS::SQS::Queue" not in state["not_emulated"]
    assert "AWS::Events::Rule" not in state["not_emulated"]
    probe = sandbox.function("ProbeFunction")
    assert probe["workers"] >= 1
    assert len(probe["pids"]) == probe["workers"]


def mail_to(sandbox: Speech, address: str) -> str:
    sandbox.probe(do="send", bodies=[{"name": "m", "do": "mail", "to": address, "subject": "S"}])
    mails = eventually(lambda: sandbox.get(f"/_sandbox/messages?to={address}").json())
    return str(mails[0]["id"])


def test_bounce_reaches_the_function_whose_rule_matches(sandbox: Speech) -> None:
    message_id = mail_to(sandbox, "gone@example.com")
    answer = sandbox.post("/_sandbox/feedback", {"to": "gone@example.com", "type": "bounce"})
    expected = {"message_id": message_id, "type": "bounce", "functions": {"FeedbackFunction": True}}
    assert (answer.status, answer.json()) == (200, expected)
    heard = next(line for line in sandbox.lines("FeedbackFunction") if line.startswith('{"heard"'))
    event = json.loads(heard)["heard"]
    assert (event["source"], event["detail-type"]) == ("aws.ses", "Email Bounced")
    assert event["detail"]["eventType"] == "Bounce"
    assert event["detail"]["bounce"]["bouncedRecipients"][0]["emailAddress"] == "gone@example.com"
    mail = event["detail"]["mail"]
    assert (mail["messageId"], mail["destination"]) == (message_id, ["gone@example.com"])
    assert mail["tags"]["challenge"] == ["abc"]
    assert mail["tags"]["ses:configuration-set"] == ["fixture-Configuration"]


def test_feedback_that_no_rule_matches_is_refused(sandbox: Speech) -> None:
    mail_to(sandbox, "fine@example.com")
    answer = sandbox.post("/_sandbox/feedback", {"to": "fine@example.com", "type": "delivery"})
    assert (answer.status, answer.json()["code"]) == (409, "nobody_listens")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"to": "nobody@example.com", "type": "bounce"}, 404),
        ({"to": "a", "type": "no"}, 400),
        ({"type": "bounce"}, 400),
    ],
)
def test_feedback_about_nothing_is_refused(sandbox: Speech, body: dict[str, str], status: int) -> None:
    answer = sandbox.post("/_sandbox/feedback", body)
    assert (answer.status, answer.header("content-type")) == (status, "application/problem+json")


def test_reset_empties_everything(sandbox: Speech) -> None:
    mail_to(sandbox, "a@example.com")
    sandbox.probe(do="send", bodies=[{"name": "stays", "do": "fail"}])
    sandbox.post("/_sandbox/clock", {"advance_seconds": 60})
    eventually(lambda: any("END" in line for line in sandbox.lines("QueueFunction")))
    assert sandbox.post("/_sandbox/reset").json()["offset_seconds"] == 0
    assert sandbox.get("/_sandbox/messages").json() == []
    assert sandbox.get("/_sandbox/logs").json() == []
    assert sandbox.get("/_sandbox/metrics").json() == []
    sandbox.post("/_sandbox/clock", {"advance_seconds": 60})
    sandbox.probe(do="send", bodies=[{"name": "after", "do": "print"}])
    lines = eventually(lambda: [line for line in sandbox.lines("QueueFunction") if "seen" in line])
    assert ["after" in line for line in lines] == [True]  # the failed message is gone


def test_unknown_route_says_what_there_is(sandbox: Speech) -> None:
    answer = sandbox.get("/_sandbox/nothing/here")
    assert (answer.status, answer.json()["code"]) == (404, "unknown_route")
