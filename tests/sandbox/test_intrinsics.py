"""CloudFormation's intrinsic functions come out as CloudFormation works them out."""

from typing import Any

import pytest

from otpost_tools.sandbox.errors import TemplateError
from otpost_tools.sandbox.intrinsics import Resolver, Surroundings

REFS: dict[str, Any] = {"Name": "ada", "Count": "3", "List": ["a", "b"], "Empty": "", "AWS::Region": "eu-central-1"}
CONDITIONS: dict[str, Any] = {
    "Yes": {"Fn::Equals": [{"Ref": "Name"}, "ada"]},
    "No": {"Fn::Not": [{"Condition": "Yes"}]},
    "Number": {"Fn::Equals": [{"Ref": "Count"}, 3]},
    "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]},
    "Either": {"Fn::Or": [{"Condition": "Yes"}, {"Condition": "No"}]},
    "Within": {"Fn::Contains": [["ada", "bob"], {"Ref": "Name"}]},
    "Members": {"Fn::EachMemberIn": [{"Ref": "List"}, ["a", "b", "c"]]},
}
RESOLVER = Resolver(
    Surroundings(
        ref=REFS.__getitem__,
        attribute=lambda logical_id, attribute: f"<{logical_id}.{attribute}>",
        conditions=CONDITIONS,
        mappings={"Sizes": {"small": {"memory": 128}}},
    )
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Name"}, "ada"),
        ({"Ref": "List"}, ["a", "b"]),
        ({"Fn::GetAtt": ["Table", "Arn"]}, "<Table.Arn>"),
        ({"Fn::GetAtt": "Table.Arn"}, "<Table.Arn>"),
        ({"Fn::Sub": "${Name} in ${AWS::Region} has ${Table.Arn} and ${!Literal}"}, None),
        ({"Fn::Sub": ["${Own} and ${Name}", {"Own": {"Ref": "Count"}}]}, "3 and ada"),
        ({"Fn::If": ["Yes", {"Ref": "Name"}, "x"]}, "ada"),
        ({"Fn::If": ["No", "x", {"Ref": "AWS::NoValue"}]}, None),
        ({"Fn::Join": ["-", ["a", {"Ref": "Name"}, 3]]}, "a-ada-3"),
        ({"Fn::Join": [",", {"Ref": "List"}]}, "a,b"),
        ({"Fn::Select": ["1", {"Ref": "List"}]}, "b"),
        ({"Fn::Split": ["|", "a|b|"]}, ["a", "b", ""]),
        ({"Fn::Select": [0, {"Fn::Split": [",", "x,y"]}]}, "x"),
        ({"Fn::FindInMap": ["Sizes", "small", "memory"]}, 128),
        ({"Fn::Base64": "ä"}, "w6Q="),
        ({"Fn::Equals": ["a", "a"]}, True),
        ({"a": [1, {"Ref": "AWS::NoValue"}, None], "b": {"Ref": "AWS::NoValue"}}, {"a": [1, None]}),
        ({"Condition": {"StringEquals": {"x": {"Ref": "Name"}}}}, {"Condition": {"StringEquals": {"x": "ada"}}}),
    ],
)
def test_value_is_worked_out(value: Any, expected: Any) -> None:
    if expected is None and "Fn::Sub" in value:
        expected = "ada in eu-central-1 has <Table.Arn> and ${Literal}"
    assert RESOLVER.resolve(value) == expected


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("Yes", True),
        ("No", False),
        ("Number", True),
        ("Both", False),
        ("Either", True),
        ("Within", True),
        ("Members", True),
    ],
)
def test_condition_holds_or_not(name: str, holds: bool) -> None:  # noqa: FBT001
    assert RESOLVER.condition(name) is holds


@pytest.mark.parametrize("value", [{"Fn::ImportValue": "x"}, {"Fn::If": ["Nothing", 1, 2]}, {"Fn::Sub": "${List}"}])
def test_what_the_sandbox_cannot_work_out_is_said(value: Any) -> None:
    with pytest.raises(TemplateError):
        RESOLVER.resolve(value)
