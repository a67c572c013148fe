"""A template becomes a stack of plain values; what does not run is listed; what is wrong is said."""

from pathlib import Path

import pytest

from otpost_tools.sandbox import assembly, blueprint
from otpost_tools.sandbox.errors import TemplateError
from otpost_tools.sandbox.options import SandboxOptions
from otpost_tools.sandbox.stack import Stack
from tests.sandbox.conftest import FIXTURE, fixture_options


def stack_of(options: SandboxOptions) -> Stack:
    plan = blueprint.read(options, api_url="http://127.0.0.1:8000")
    plan.physical.backends_url = "http://127.0.0.1:1"
    plan.physical.keys |= {"MacKey": "mac-key-id"}
    return assembly.assemble(plan)


@pytest.fixture(scope="module")
def stack(options: SandboxOptions) -> Stack:
    return stack_of(options)


def test_functions_are_plain_values(stack: Stack) -> None:
    probe = next(function for function in stack.functions if function.logical_id == "ProbeFunction")
    assert (probe.handler, probe.timeout, probe.memory) == ("functions.probe.app.handler", 5, 256)
    assert probe.code == FIXTURE / "functions" / "probe"
    assert probe.package == ("functions", "probe")
    assert probe.layers == (FIXTURE / "layer",)
    assert probe.environment["KEY_ARN"] == "arn:aws:kms:eu-central-1:123456789012:key/mac-key-id"
    assert probe.environment["QUEUE_URL"] == "http://127.0.0.1:1/123456789012/fixture-Queue"


def test_routes_are_signed_where_the_caller_mode_says_so(options: SandboxOptions, tmp_path: Path) -> None:
    backend = fixture_options(tmp_path, parameters={"CallerMode": "backend"})
    signed = {mode: {r.path for r in stack_of(o).routes if r.signed} for mode, o in (("b", options), ("s", backend))}
    assert signed == {"b": {"/signed"}, "s": {"/signed", "/maybe-signed"}}
    assert stack_of(backend).cors is None


def test_source_and_rule_lead_to_their_functions(stack: Stack) -> None:
    (source,) = stack.sources
    assert (source.function, source.batch_size, source.partial_failures) == ("QueueFunction", 3, True)
    assert source.concurrency == 2
    assert source.queue_url == "http://127.0.0.1:1/123456789012/fixture-Queue"
    (rule,) = stack.rules
    assert rule.functions == ("FeedbackFunction",)


def test_what_does_not_run_is_counted_by_type(stack: Stack) -> None:
    assert stack.not_emulated["AWS::CloudWatch::Alarm"] == 1
    assert stack.not_emulated["AWS::IAM::Role"] == 5
    assert not {"AWS::Lambda::Function", "AWS::Events::Rule", "AWS::SNS::Topic"} & set(stack.not_emulated)


@pytest.mark.parametrize(("environment", "mode"), [("sandbox", "browser"), ("other", "backend"), ("table", "backend")])
def test_samconfig_may_write_parameters_in_all_its_ways(tmp_path: Path, environment: str, mode: str) -> None:
    options = fixture_options(tmp_path, environment=environment)
    plan = blueprint.read(options, api_url="")
    assert plan.physical.parameters["CallerMode"] == mode


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"Nonsense": "1"}, "no parameter Nonsense"),
        ({"CallerMode": "both"}, "it may be: browser, backend"),
        ({"Limit": "10"}, "MaxValue is 9"),
        ({"Limit": "0"}, "MinValue is 1"),
        ({"Limit": "many"}, "must be a number"),
        ({"Greeting": "LOUD"}, "must be lower case"),
        ({"Greeting": "forbidden"}, "The greeting is forbidden"),
    ],
)
def test_parameter_out_of_bounds_is_refused_with_the_bound(
    tmp_path: Path, parameters: dict[str, str], said: str
) -> None:
    with pytest.raises(TemplateError, match=said):
        blueprint.read(fixture_options(tmp_path, parameters=parameters), api_url="")


def test_parameter_without_default_must_be_given(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="CallerMode has no default"):
        blueprint.read(fixture_options(tmp_path, environment="nowhere"), api_url="")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("/slow:", "/slow/{id}:", "whole paths only"),
        ("security: [AWS_IAM: []]", "security: [Other: []]", "knows AWS_IAM"),
        ("${SlowFunction.Arn}", "${Table.Arn}", "no function of this template"),
        ("!Ref Greeting}", "!Ref Nothing}", "Nothing"),
        ("Resources:", "Resources: [", "is not YAML"),
        ("Timeout: 1}", "Timeout: 1, Nonsense: x}", "cannot be translated"),
        ("CodeUri: functions/slow,", "", "SlowFunction.CodeUri"),
    ],
)
def test_template_that_cannot_run_is_refused_with_the_place(tmp_path: Path, before: str, after: str, said: str) -> None:
    changed = (FIXTURE / "template.yaml").read_text("utf-8")
    assert before in changed
    (tmp_path / "template.yaml").write_text(changed.replace(before, after), "utf-8")
    with pytest.raises(TemplateError, match=said):
        stack_of(fixture_options(tmp_path, template=tmp_path / "template.yaml"))


def test_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"nowhere\.yaml is not there"):
        blueprint.read(fixture_options(tmp_path, template=tmp_path / "nowhere.yaml"), api_url="")


@pytest.mark.parametrize("mode", ["browser", "backend"])
def test_repositorys_own_template_runs_in_both_modes(mode: str) -> None:
    stack = stack_of(SandboxOptions(port=0, parameters={"CallerMode": mode}))
    assert {route.function for route in stack.routes} <= {function.logical_id for function in stack.functions}
    assert any(route.signed for route in stack.routes) is (mode == "backend")
    assert (stack.cors is not None) is (mode == "browser")
    assert all(function.code.is_dir() for function in stack.functions)
