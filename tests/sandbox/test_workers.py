"""Functions run as on Lambda: alone, with their own environment, within their time, and not more than so many."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.sandbox.speech import Speech, eventually


def test_function_finds_the_environment_that_template_and_lambda_give_it(sandbox: Speech) -> None:
    environment = sandbox.probe(do="inside").json()["environment"]
    assert environment["GREETING"] == "welcome, fixture"
    assert environment["TABLE"] == "fixture-Table"
    assert environment["LIMIT"] == "3"
    assert environment["ORIGINS"] == "https://a.example|https://b.example"
    assert environment["SECOND_ORIGIN"] == "https://b.example"
    assert "ONLY_BACKEND" not in environment
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "fixture-ProbeFunction"
    assert environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert environment["AWS_REGION"] == environment["AWS_DEFAULT_REGION"] == "eu-central-1"
    assert environment["AWS_ENDPOINT_URL"] == sandbox.get("/_sandbox/state").json()["backends_url"]
    assert environment["TZ"] == ":UTC"


def test_nothing_of_the_sandbox_leaks_into_a_function(sandbox: Speech) -> None:
    seen = sandbox.probe(do="inside").json()
    repository = str(Path(__file__).resolve().parents[2])
    sandboxed = [name for name in seen["environment"] if "SANDBOX" in name or "OTPOST" in name]
    assert sandboxed == []
    assert "HOME" not in seen["environment"]
    assert repository not in seen["path"]
    assert not any("tools" in entry or "/.venv/" in entry for entry in seen["path"])
    root = Path(seen["cwd"])
    assert [*root.iterdir()] == [root / "functions"]
    assert [*(root / "functions").iterdir()] == [root / "functions" / "probe"]


def test_layer_is_on_the_search_path(sandbox: Speech) -> None:
    assert sandbox.probe(do="inside").json()["layer"] == "from the layer"


def test_warm_processes_are_used_again_and_know_their_deadline(sandbox: Speech) -> None:
    warm = sandbox.function("ProbeFunction")["pids"]
    first, second = (sandbox.probe(do="inside").json() for _ in range(2))
    assert {first["pid"], second["pid"]} <= set(warm)
    assert first["request_id"] != second["request_id"]
    assert first["function_arn"] == "arn:aws:lambda:eu-central-1:123456789012:function:fixture-ProbeFunction"
    assert 4000 < second["remaining"] <= 5000


def test_run_that_takes_too_long_is_ended_and_answered_by_api_gateway(sandbox: Speech) -> None:
    began = time.monotonic()
    answer = sandbox.post("/slow", {"seconds": 60})
    assert (answer.status, answer.json()) == (500, {"message": "Internal Server Error"})
    assert 1 <= time.monotonic() - began < 4
    lines = sandbox.lines("SlowFunction")
    assert "begun" in lines
    assert any("Task timed out after 1.00 seconds" in line for line in lines)
    assert sandbox.post("/slow", {"seconds": 0}).status == 200


def test_crash_fails_its_own_request_only(sandbox: Speech) -> None:
    answer = sandbox.probe(do="leave")
    assert (answer.status, answer.json()) == (500, {"message": "Internal Server Error"})
    assert sandbox.probe(do="inside").status == 200


def test_what_a_handler_raises_stays_in_the_log(sandbox: Speech) -> None:
    answer = sandbox.probe(do="fail")
    assert (answer.status, answer.json()) == (500, {"message": "Internal Server Error"})
    assert any("RuntimeError: as asked" in line for line in sandbox.lines("ProbeFunction"))
    assert b"as asked" not in answer.body


def test_function_that_cannot_be_imported_answers_500_and_says_why(sandbox: Speech) -> None:
    assert sandbox.post("/broken", {}).status == 500
    assert sandbox.post("/broken", {}).status == 500
    assert "broken on purpose" in sandbox.function("BrokenFunction")["init_error"]
    assert any("broken on purpose" in line for line in sandbox.lines("BrokenFunction"))


def test_overlapping_requests_get_processes_of_their_own_up_to_the_limit(sandbox: Speech) -> None:
    with ThreadPoolExecutor(6) as pool:
        began = time.monotonic()
        answers = list(pool.map(lambda _: sandbox.probe(do="sleep", seconds=0.3), range(6)))
        took = time.monotonic() - began
    assert {answer.status for answer in answers} == {200}
    assert len({answer.json()["pid"] for answer in answers}) == 2
    assert took >= 0.9  # six runs, two at a time
    assert sandbox.function("ProbeFunction")["workers"] == 2


def test_sixty_four_requests_at_once_are_all_answered(sandbox: Speech) -> None:
    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(lambda _: sandbox.probe(do="sleep", seconds=0.01), range(64)))
    assert {answer.status for answer in answers} == {200}


def test_killed_process_is_replaced(sandbox: Speech) -> None:
    pid = sandbox.probe(do="inside").json()["pid"]
    os.kill(pid, 9)
    eventually(lambda: pid not in sandbox.function("ProbeFunction")["pids"])
    assert sandbox.probe(do="inside").json()["pid"] != pid


def test_log_holds_the_lines_of_a_run_between_its_start_and_its_report(sandbox: Speech) -> None:
    sandbox.probe(do="write", lines=["one", "two"])
    start, *between, end, report = sandbox.lines("ProbeFunction")
    assert start.startswith("START RequestId: ")
    assert between == ["one", "two", "to the other stream"]
    assert end.startswith("END RequestId: ")
    assert "\tMemory Size: 256 MB" in report


def test_metric_lines_are_added_up(sandbox: Speech) -> None:
    directive = {"Namespace": "N", "Dimensions": [["service"]], "Metrics": [{"Name": "Mails", "Unit": "Count"}]}
    line = json.dumps({"_aws": {"Timestamp": 0, "CloudWatchMetrics": [directive]}, "service": "s", "Mails": [1.0, 2.0]})
    sandbox.probe(do="write", lines=[line, line, "{not json _aws", '{"_aws": 1}'])
    expected = {"namespace": "N", "metric": "Mails", "dimensions": {"service": "s"}, "unit": "Count"}
    assert sandbox.get("/_sandbox/metrics").json() == [{**expected, "sum": 6.0, "count": 4}]
