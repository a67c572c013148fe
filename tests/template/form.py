"""Rules on how the template is written. Each returns what is wrong, nothing if all is well."""

import re
from itertools import chain

from otpost_tools.sandbox import parameters
from otpost_tools.sandbox.errors import TemplateError
from tests.template.stacks import Node

SECTIONS = (
    "AWSTemplateFormatVersion",
    "Transform",
    "Description",
    "Metadata",
    "Parameters",
    "Rules",
    "Conditions",
    "Globals",
    "Resources",
    "Outputs",
)
# Where a silent default would decide what a code or a receipt proves.
WITHOUT_DEFAULT = {
    "Stage",
    "CallerMode",
    "BrandName",
    "SiteOrigin",
    "SupportAddress",
    "SenderAddress",
    "SenderDomain",
    "ReceiptIssuer",
    "ReceiptAudience",
}
_UNIT = re.compile(r"(Seconds|PerSecond|Days|Length|Allowed|Failures|Limit|Concurrency)$")


def misplaced_sections(source: Node) -> list[str]:
    """Sections out of the fixed order, missing or unknown."""
    return [] if tuple(source) == SECTIONS else [" · ".join(source)]


def unexplained_parameters(source: Node) -> list[str]:
    """Parameters without a description, or without a word on what they must be."""
    wanted = ("Description", "ConstraintDescription")
    return [name for name, declared in source["Parameters"].items() if not all(declared.get(word) for word in wanted)]


def unbounded_parameters(source: Node) -> list[str]:
    """Parameters that take anything: numbers without both ends, texts without values or a whole pattern."""
    return [name for name, declared in source["Parameters"].items() if not _is_bounded(declared)]


def _is_bounded(declared: Node) -> bool:
    if "AllowedValues" in declared:
        return True
    if declared["Type"] == "Number":
        return "MinValue" in declared and "MaxValue" in declared
    pattern = declared.get("AllowedPattern", "")
    return bool(re.fullmatch(r"\^.*\$", pattern)) and ".*" not in pattern and ".+" not in pattern


def unitless_numbers(source: Node) -> list[str]:
    """Number parameters whose names do not say what they count."""
    numbers = [name for name, declared in source["Parameters"].items() if declared["Type"] == "Number"]
    return [name for name in numbers if not _UNIT.search(name)]


def defaults_out_of_bounds(source: Node) -> list[str]:
    """Parameters whose default the template itself would refuse."""
    refused: list[str] = []
    for name, declared in source["Parameters"].items():
        if "Default" in declared:
            try:
                parameters.values({name: declared}, {})
            except TemplateError as error:
                refused.append(str(error))
    return refused


def parameters_outside_their_groups(source: Node) -> list[str]:
    """Parameters that the console's groups leave out, name twice, or that do not exist."""
    groups = source["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = list(chain.from_iterable(group["Parameters"] for group in groups))
    declared = list(source["Parameters"])
    return sorted({name for name in grouped + declared if grouped.count(name) != 1 or name not in declared})


def defaulted_decisions(source: Node) -> list[str]:
    """Decisions that only the deployer can take, taken by a default."""
    return sorted(name for name in WITHOUT_DEFAULT if "Default" in source["Parameters"][name])
