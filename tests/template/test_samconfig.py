"""The environments that sam and the sandbox are given."""

import re
import tomllib

import pytest

from otpost_tools.sandbox import parameters
from tests.template import form
from tests.template.stacks import FUNCTIONS, REPOSITORY, Node, built, refusals

PATH = REPOSITORY / "samconfig.toml"
ENVIRONMENTS = ("sandbox", "staging", "prod")


def _told(environment: str) -> dict[str, str]:
    return parameters.from_samconfig(PATH, environment)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_an_environment_is_of_its_own_stage(environment: str) -> None:
    """Practice 15: sandbox mode cannot exist in a prod stage."""
    assert _told(environment)["Stage"] == environment


def test_the_sandbox_is_told_everything_and_takes_all_there_is(source: Node) -> None:
    """Practice 15: source and stack windows at their maximum, so that one machine can ask for a lot."""
    told = _told("sandbox")
    parameters.values(source["Parameters"], told)  # raises if one is missing, unknown or out of bounds
    assert refusals(source, **told) == []
    for name in ("SourceHourlyLimit", "StackDailyLimit"):
        assert int(told[name]) == source["Parameters"][name]["MaxValue"]


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_what_only_the_deployer_knows_is_left_out_and_named(environment: str) -> None:
    """A30: no placeholder can be deployed by mistake."""
    missing = form.WITHOUT_DEFAULT - set(_told(environment))
    assert missing == form.WITHOUT_DEFAULT - {"Stage"}
    head = PATH.read_text("utf-8").partition("version = ")[0]
    assert {name for name in missing if name not in head} == set()


def test_production_keeps_runs_for_every_function(source: Node) -> None:
    """Practice 6: a flood of issues cannot starve verify."""
    stack = built(source, **_told("prod"))
    kept = {function: int(stack.properties(function)["ReservedConcurrentExecutions"]) for function in FUNCTIONS}
    assert min(kept.values()) > 0
    assert kept["VerifyFunction"] >= kept["IssueFunction"]
    assert kept["DeliverFunction"] >= int(_told("prod")["DeliverMaximumConcurrency"])


@pytest.mark.parametrize("environment", ["sandbox", "staging"])
def test_a_new_account_can_deploy(source: Node, environment: str) -> None:
    """A new account has 10 concurrent runs, all of which must stay unreserved."""
    stack = built(source, **_told(environment))
    assert not any("ReservedConcurrentExecutions" in stack.properties(function) for function in FUNCTIONS)


def test_builds_are_parallel_and_cached() -> None:
    """A second build takes a second."""
    config = tomllib.loads(PATH.read_text("utf-8"))
    for environment in ("default", *ENVIRONMENTS):
        assert config[environment]["build"]["parameters"] == {"cached": True, "parallel": True}


def test_no_account_is_named() -> None:
    """A54."""
    assert re.findall(r"\b\d{12}\b|AKIA[0-9A-Z]{16}", PATH.read_text("utf-8")) == []
