"""template.yaml as the tests look at it: as written, and as the stack that one set of parameters makes of it."""

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otpost_tools.sandbox import parameters, template
from otpost_tools.sandbox.intrinsics import Resolver, Surroundings

type Node = dict[str, Any]

REPOSITORY = Path(__file__).resolve().parents[2]
FUNCTIONS = ("IssueFunction", "VerifyFunction", "StatusFunction", "DeliverFunction", "KeysFunction")

# What a deployer has to say, because the template has no default for it.
ANSWERS = {
    "Stage": "staging",
    "CallerMode": "browser",
    "AllowedOrigins": "https://app.example.com",
    "BrandName": "Example",
    "SiteOrigin": "https://app.example.com",
    "SupportAddress": "help@example.com",
    "SenderAddress": "no-reply@example.com",
    "SenderDomain": "example.com",
    "ReceiptIssuer": "https://codes.example.com",
    "ReceiptAudience": "example",
}
_PSEUDO = {
    "AWS::AccountId": "000000000000",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-central-1",
    "AWS::StackName": "otpost",
    "AWS::URLSuffix": "amazonaws.com",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The translated template with every intrinsic worked out; a reference to a resource is its logical id.

    `!Ref MailQueue` reads "MailQueue", `!GetAtt MailQueue.Arn` reads "MailQueue.Arn". What a condition leaves out is
    not there.
    """

    source: Node
    resources: dict[str, Node]

    def of_type(self, kind: str) -> dict[str, Node]:
        """Return the properties of every resource of a type, by logical id."""
        return {name: r.get("Properties", {}) for name, r in self.resources.items() if r["Type"] == kind}

    def properties(self, logical_id: str) -> Node:
        """Return the properties of one resource, none if the stack does not have it."""
        properties: Node = self.resources.get(logical_id, {}).get("Properties", {})
        return properties


def written() -> Node:
    """Return the template as it is written, a copy to do with as one likes."""
    return template.read(REPOSITORY / "template.yaml")


def built(source: Node, **chosen: str) -> Stack:
    """Return the stack of *source* under ANSWERS, changed by *chosen*."""
    values = _values(source, chosen)
    for_translator = {name: ",".join(value) if isinstance(value, list) else value for name, value in values.items()}
    body: Node = template.translate(copy.deepcopy(source), folder=REPOSITORY, parameters=for_translator).body
    resolver = _resolver(body, values)
    resources: dict[str, Node] = {}
    for name, resource in body["Resources"].items():
        if "Condition" not in resource or resolver.condition(resource["Condition"]):
            resources[name] = resource | {"Properties": resolver.resolve(resource.get("Properties", {}))}
    return Stack(source=source, resources=resources)


def refusals(source: Node, **chosen: str) -> list[str]:
    """Return what the template's Rules say against these parameters; nothing if the stack may be made."""
    resolver = _resolver(source, _values(source, chosen))
    rules = [rule for rule in source["Rules"].values() if resolver.holds(rule.get("RuleCondition", _TRUE))]
    assertions = [assertion for rule in rules for assertion in rule["Assertions"]]
    return [each["AssertDescription"] for each in assertions if not resolver.holds(each["Assert"])]


_TRUE = {"Fn::Equals": ["", ""]}


def _values(source: Node, chosen: dict[str, str]) -> Node:
    values = parameters.values(source["Parameters"], ANSWERS | chosen)
    # An empty CommaDelimitedList is, for CloudFormation, a list of one empty text.
    return {name: [""] if value == [] else value for name, value in values.items()}


def _resolver(source: Node, values: Node) -> Resolver:
    known = _PSEUDO | values
    surroundings = Surroundings(
        ref=lambda name: known.get(name, name),
        attribute=lambda logical_id, attribute: f"{logical_id}.{attribute}",
        conditions=source["Conditions"],
        mappings={},
    )
    return Resolver(surroundings)
