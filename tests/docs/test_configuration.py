"""docs/configuration.md and docs/operations.md name the parameters, variables, metrics and alarms that exist."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from otpost.challenge import Verdict
from otpost.delivering import Delivered
from otpost.window import Limit
from tests.docs.described import REPOSITORY, Node, operations
from tests.docs.pages import blocks, names, rows, section, text
from tests.docs.served import Handlers
from tests.docs.test_openapi_answers import ANSWERS
from tests.template.stacks import FUNCTIONS, Stack

PAGE = "configuration.md"
PARAMETERS = {names(row[0])[0]: row[1:] for row in rows(section(PAGE, "## Parameters"))}
VARIABLES = {names(row[0])[0]: row[1] for row in rows(section(PAGE, "## Environment variables"))}
METRICS = {names(row[0])[0]: set(names(row[2])) for row in rows(section(PAGE, "## Metrics"))}
ALARMS = {names(row[0])[0]: row[1:] for row in rows(section(PAGE, "## Alarms"))}
CODE = [*REPOSITORY.glob("functions/*/app.py"), *REPOSITORY.glob("layers/core/otpost/**/*.py")]


def _default(parameter: Node) -> str:
    if "Default" not in parameter:
        return "required"
    return f"`{parameter['Default']}`" if parameter["Default"] != "" else "empty"


def _bounds(parameter: Node) -> str | None:
    if "AllowedValues" in parameter:
        return ", ".join(f"`{value}`" for value in parameter["AllowedValues"])
    return f"{parameter['MinValue']}–{parameter['MaxValue']}" if "MinValue" in parameter else None


def test_every_parameter_is_described_with_its_default_and_bounds(source: Node) -> None:
    assert set(PARAMETERS) == set(source["Parameters"])
    for name, parameter in source["Parameters"].items():
        default, bounds, meaning = PARAMETERS[name]
        assert default == _default(parameter), name
        assert bounds == (_bounds(parameter) or bounds), name
        assert bounds, name
        assert meaning, name


def test_parameters_stand_in_the_groups_of_the_template(source: Node) -> None:
    groups = source["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    for group in groups:
        listed = [names(row[0])[0] for row in rows(section(PAGE, f"### {group['Label']['default']}"))]
        assert listed == group["Parameters"]


def test_every_rule_of_the_template_is_told(source: Node) -> None:
    told = re.findall(r"^- .+$", section(PAGE, "### Rules"), re.MULTILINE)
    assert len(told) == len(source["Rules"])


def test_every_variable_is_described_with_the_functions_that_get_it(stack: Stack) -> None:
    functions = {name: name.removesuffix("Function").lower() for name in FUNCTIONS}
    given = {functions[name]: set(stack.properties(name)["Environment"]["Variables"]) for name in FUNCTIONS}
    for variable, cell in VARIABLES.items():
        told = set(given) if cell == "all" else set(cell.split(", "))
        assert told == {name for name, variables in given.items() if variable in variables}, variable
    assert set(VARIABLES) == set().union(*given.values())


def test_every_variable_that_is_read_is_described() -> None:
    own = {variable for file in CODE for variable in _read(file)}
    powertools = {name for name in VARIABLES if name.startswith("POWERTOOLS_")}
    assert own | powertools == set(VARIABLES) | {"AWS_REGION"}


def test_the_policy_shown_is_that_of_the_defaults(stack: Stack) -> None:
    (shown,) = blocks(section(PAGE, "## Environment variables"), "json")
    assert json.loads(shown) == json.loads(stack.properties("IssueFunction")["Environment"]["Variables"]["POLICY"])


def test_every_metric_is_described(browser: Handlers) -> None:
    counted = {module._ROUTES[route].metric for route, module in browser.routes.items()}
    literal = {metric for file in CODE for metric in _counted(file)}
    assert set(METRICS) == counted | literal


def test_the_reasons_of_an_answer_are_those_of_its_metric(browser: Handlers) -> None:
    for route, operation in operations().items():
        responses = [response["$ref"].rpartition("/")[2] for response in operation["responses"].values()]
        said = {answer.reason for name in responses for answer in ANSWERS.get(name, [])}
        if route.endswith("/resend"):
            said -= {"repeated", Limit.FAILURE_STREAK}  # both are of the issue alone
        if route.endswith("/status"):
            said |= {Verdict.ACCEPTED, Verdict.CANCELLED, Verdict.EXHAUSTED, Verdict.EXPIRED}
        if route.endswith("/verify"):
            said |= {"repeated"}
        assert METRICS[browser.routes[route]._ROUTES[route].metric] == said, route


def test_the_reasons_of_mails_are_those_of_delivery() -> None:
    assert METRICS["Mails"] == {delivered.value for delivered in Delivered} | {"unavailable", "late", "crashed"}


def test_every_alarm_is_described_by_what_it_looks_at_and_when_it_begins(source: Node) -> None:
    resources = source["Resources"].items()
    alarms = {name: r["Properties"] for name, r in resources if r["Type"] == "AWS::CloudWatch::Alarm"}
    assert set(ALARMS) == set(alarms)
    for name, alarm in alarms.items():
        looks_at, begins = ALARMS[name]
        assert all(metric in looks_at for metric in _watched(alarm)), name
        assert _begins(alarm) in begins, name
        assert "Threshold" not in alarm or begins.startswith(f"more than {alarm['Threshold']} "), name


def test_every_alarm_says_what_to_do() -> None:
    told = [alarm for row in rows(section("operations.md", "## Alarms")) for alarm in names(row[0])]
    assert sorted(told) == sorted(ALARMS)
    assert all(row[1] and row[2] for row in rows(section("operations.md", "## Alarms")))


def test_the_outputs_that_operators_are_sent_to_exist(source: Node) -> None:
    for output in ("DkimRecord1", "MailFromMxRecord", "MailFromSpfRecord", "AlarmTopicArn"):
        assert output in source["Outputs"]
        assert output in text("operations.md")


def _begins(alarm: Node) -> str:
    periods, needed = alarm["EvaluationPeriods"], alarm.get("DatapointsToAlarm", alarm["EvaluationPeriods"])
    if "Threshold" not in alarm:
        return f"in {needed} of {periods} times five minutes"
    assert {each["MetricStat"]["Period"] for each in alarm.get("Metrics", [alarm]) if "MetricStat" in each} <= {60}
    assert alarm.get("Period", 60) == 60
    minutes = "minute" if periods == 1 else "minutes"
    return f"{needed} of {periods} {minutes}"


def _watched(alarm: Node) -> Iterator[str]:
    metrics = [each["MetricStat"]["Metric"] for each in alarm.get("Metrics", []) if "MetricStat" in each] or [alarm]
    for metric in metrics:
        yield metric["Namespace"]
        yield f"`{metric['MetricName']}`"
        yield from (d["Value"] for d in metric["Dimensions"] if d["Name"] == "reason")


def _calls(file: Path, function: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == function:
            yield node


def _constants(call: ast.Call) -> Iterator[str]:
    yield from (each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str))


def _read(file: Path) -> Iterator[str]:
    """The variables that a module names: everything in capitals that is looked up in an environment."""
    for function in ("required", "get", "_choice"):
        for call in _calls(file, function):
            yield from (name for name in _constants(call) if re.fullmatch(r"[A-Z][A-Z_]+", name))


def _counted(file: Path) -> Iterator[str]:
    for call in _calls(file, "count"):
        yield from list(_constants(call))[:1]
