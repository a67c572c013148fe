"""What the functions are told, and how they run."""

import json

import pytest

from tests.template.stacks import FUNCTIONS, REPOSITORY, Node, Stack, built

EVERYWHERE = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL", "CALLER_MODE"}
TOLD = {
    "IssueFunction": {
        "CHALLENGE_TABLE",
        "IDENTITY_TABLE",
        "MAIL_QUEUE_URL",
        "IDENTITY_KEY_ARN",
        "POLICY",
        "IDENTITY_CASE",
        "ADDITIONAL_PURPOSES",
    },
    "VerifyFunction": {
        "CHALLENGE_TABLE",
        "IDENTITY_TABLE",
        "CODE_KEY_ARN",
        "SIGNING_KEY_ARN",
        "RECEIPT_ISSUER",
        "RECEIPT_AUDIENCE",
    },
    "StatusFunction": {"CHALLENGE_TABLE"},
    "DeliverFunction": {
        "CHALLENGE_TABLE",
        "CODE_KEY_ARN",
        "CONFIGURATION_SET",
        "SENDER_ADDRESS",
        "BRAND_NAME",
        "SITE_ORIGIN",
        "SUPPORT_ADDRESS",
        "FUNCTION_TIMEOUT_SECONDS",
    },
    "KeysFunction": {"SIGNING_KEY_ARN"},
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_told_what_it_reads_and_nothing_else(stack: Stack, function: str) -> None:
    """A56: issue does not even know which key makes codes."""
    assert set(stack.properties(function)["Environment"]["Variables"]) == EVERYWHERE | TOLD[function]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_handler_stands_where_the_template_says(source: Node, stack: Stack, function: str) -> None:
    """One function, one folder, one handler."""
    verb = function.removesuffix("Function").lower()
    declared = source["Resources"][function]
    assert declared["Properties"]["CodeUri"] == f"functions/{verb}"
    assert declared["Metadata"]["BuildProperties"]["ParentPackages"] == f"functions.{verb}"
    assert stack.properties(function)["Handler"] == f"functions.{verb}.app.handler"
    assert "\ndef handler(" in (REPOSITORY / "functions" / verb / "app.py").read_text("utf-8")


def test_every_handler_on_disk_is_deployed() -> None:
    """A folder that the template forgot would be tested and never run."""
    assert {path.parent.name for path in REPOSITORY.glob("functions/*/app.py")} == {
        function.removesuffix("Function").lower() for function in FUNCTIONS
    }


def test_the_policy_reaches_the_issue_function_as_its_parameters_say(source: Node) -> None:
    """A1, A2, A6, A7, practice 3."""
    stack = built(source, SignInLifetimeSeconds="120", CodeLength="8", StackDailyLimit="500")
    assert json.loads(stack.properties("IssueFunction")["Environment"]["Variables"]["POLICY"]) == {
        "purposes": {
            "sign_in": {"life": 120, "maximum": 600},
            "transaction": {"life": 300, "maximum": 600},
            "verify_email": {"life": 600, "maximum": 86_400},
            "recovery": {"life": 600, "maximum": 86_400},
        },
        "digits": 8,
        "attempts": 5,
        "streak": {"step_up": 20, "refuse": 60},
        "windows": {
            "address_interval": 30,
            "address_hour": 5,
            "address_day": 10,
            "source_hour": 300,
            "stack_day": 500,
        },
    }


def test_the_send_lease_lasts_as_long_as_the_function_may_run(stack: Stack) -> None:
    """A49."""
    deliver = stack.properties("DeliverFunction")
    assert deliver["Environment"]["Variables"]["FUNCTION_TIMEOUT_SECONDS"] == str(deliver["Timeout"])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_gives_up_before_api_gateway_does(stack: Stack, function: str) -> None:
    """Practice 11: the caller gets our answer and not a bare 503 after 30 s."""
    assert 0 < stack.properties(function)["Timeout"] <= 29


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_functions_and_layers_are_of_one_architecture(source: Node, architecture: str) -> None:
    """The compiled packages of a layer run on one kind of processor."""
    stack = built(source, Architecture=architecture)
    assert {tuple(stack.properties(f)["Architectures"]) for f in FUNCTIONS} == {(architecture,)}
    layers = stack.of_type("AWS::Lambda::LayerVersion").values()
    assert [layer["CompatibleArchitectures"] for layer in layers] == [[architecture]] * 2


def test_the_queue_starts_deliver_in_small_batches_that_fail_one_by_one(stack: Stack) -> None:
    """A49, practice 11."""
    (source_mapping,) = stack.of_type("AWS::Lambda::EventSourceMapping").values()
    assert source_mapping["EventSourceArn"] == "MailQueue.Arn"
    assert source_mapping["BatchSize"] == 5
    assert source_mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source_mapping["ScalingConfig"] == {"MaximumConcurrency": "5"}
