"""How the template is written."""

import pytest

from tests.template import form
from tests.template.stacks import ANSWERS, Node, refusals


def test_sections_stand_in_the_fixed_order(source: Node) -> None:
    """Practice 13."""
    assert form.misplaced_sections(source) == []


def test_every_parameter_is_described_and_says_what_it_must_be(source: Node) -> None:
    """Practice 13."""
    assert form.unexplained_parameters(source) == []


def test_every_parameter_is_bounded(source: Node) -> None:
    """Practices 3 and 6: no life, limit or number of attempts can be configured away."""
    assert form.unbounded_parameters(source) == []


def test_every_number_names_its_unit(source: Node) -> None:
    """A parameter called `Lifetime` would be minutes for someone."""
    assert form.unitless_numbers(source) == []


def test_every_default_lies_within_its_own_bounds(source: Node) -> None:
    """A default is a value like any other."""
    assert form.defaults_out_of_bounds(source) == []


def test_every_parameter_stands_in_exactly_one_group(source: Node) -> None:
    """The console shows the parameters by these groups."""
    assert form.parameters_outside_their_groups(source) == []


def test_what_decides_security_has_no_default(source: Node) -> None:
    """A30: an audience nobody chose would be the same in every stack."""
    assert form.defaulted_decisions(source) == []


@pytest.mark.parametrize(
    ("parameter", "low", "high"),
    [
        ("SignInLifetimeSeconds", 60, 600),
        ("SignInMaximumSeconds", 60, 600),
        ("TransactionLifetimeSeconds", 60, 600),
        ("TransactionMaximumSeconds", 60, 600),
        ("VerifyEmailLifetimeSeconds", 60, 86_400),
        ("VerifyEmailMaximumSeconds", 60, 86_400),
        ("RecoveryLifetimeSeconds", 60, 86_400),
        ("RecoveryMaximumSeconds", 60, 86_400),
        ("CodeLength", 6, 10),
        ("AttemptsAllowed", 1, 5),
        ("StreakStepUpFailures", 1, 60),
        ("StreakRefusalFailures", 2, 95),
        ("AddressIntervalSeconds", 1, 3600),
        ("AddressHourlyLimit", 1, 10),
        ("AddressDailyLimit", 1, 10),
        ("SourceHourlyLimit", 1, 1_000_000),
        ("StackDailyLimit", 16, 100_000_000),
        ("DeliverMaximumConcurrency", 2, 1000),
    ],
)
def test_a_number_that_security_rests_on_has_its_published_bounds(
    source: Node, parameter: str, low: int, high: int
) -> None:
    """A1, A2, A6, A7 and practice 3."""
    declared = source["Parameters"][parameter]
    assert (declared["MinValue"], declared["MaxValue"]) == (low, high)


def test_an_honest_production_stack_may_be_made(source: Node) -> None:
    """The rules below refuse something, not everything."""
    assert refusals(source, Stage="prod") == []
    assert refusals(source, Stage="prod", CallerMode="backend", AllowedOrigins="") == []


@pytest.mark.parametrize(
    "chosen",
    [
        {"Stage": "prod", "LogLevel": "DEBUG"},
        {"Stage": "prod", "ReceiptAudience": "otpost-sandbox"},
        {"Stage": "prod", "ReceiptIssuer": "http://127.0.0.1:8000"},
        {"Stage": "prod", "SenderDomain": "otpost.example"},
        {"CallerMode": "browser", "AllowedOrigins": ""},
        {"DomainName": "codes.example.com"},
        {"CertificateArn": "arn:aws:acm:eu-central-1:000000000000:certificate/0-1"},
    ],
    ids=lambda chosen: " ".join(f"{name}={value}" for name, value in chosen.items()),
)
def test_a_combination_that_a_rule_forbids_is_refused(source: Node, chosen: dict[str, str]) -> None:
    """A15, A30: nothing of the sandbox reaches production, and halves of a setting are not a setting."""
    assert len(refusals(source, **chosen)) == 1


@pytest.mark.parametrize("origin", ["*", "https://*.example.com", "http://app.example.com", "https://app.example.com/"])
def test_an_origin_that_is_not_one_is_outside_the_bounds(source: Node, origin: str) -> None:
    """A browser-mode API is open to the pages it names."""
    declared = {"AllowedOrigins": source["Parameters"]["AllowedOrigins"]}
    assert form.defaults_out_of_bounds({"Parameters": declared}) == []
    declared["AllowedOrigins"] = declared["AllowedOrigins"] | {"Default": f"{ANSWERS['AllowedOrigins']},{origin}"}
    assert form.defaults_out_of_bounds({"Parameters": declared}) != []
