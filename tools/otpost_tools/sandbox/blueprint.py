"""A template on its way to a running stack: what it declares, with parameters and conditions worked out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from otpost_tools.sandbox import parameters, template
from otpost_tools.sandbox.errors import TemplateError
from otpost_tools.sandbox.intrinsics import Resolver, Surroundings
from otpost_tools.sandbox.options import SandboxOptions
from otpost_tools.sandbox.physical import Physical
from otpost_tools.sandbox.shapes import Json, mapping, sequence, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One declared resource whose condition holds, with its properties worked out."""

    logical_id: str
    kind: str
    name: str
    properties: dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """The translated template. Its values are complete once *physical* knows the ids of the created KMS keys."""

    template: template.Template
    physical: Physical
    resolver: Resolver

    def resources(self, *kinds: str) -> Iterator[Resource]:
        """The resources of these types; of all types if none is named."""
        for logical_id in self.physical.resources:
            kind = self.physical.kind(logical_id)
            if kinds and kind not in kinds:
                continue
            properties = mapping(self.resolver.resolve({**self.physical.properties(logical_id)}), logical_id)
            name = self.physical.name(logical_id)
            yield Resource(logical_id=logical_id, kind=kind, name=name, properties=properties)

    def only(self, kind: str) -> Resource | None:
        """The one resource of a type, or None; the sandbox runs stacks that have no two of it."""
        found = list(self.resources(kind))
        if len(found) > 1:
            raise TemplateError(f"The template declares {len(found)} resources of type {kind}; the sandbox runs one.")
        return found[0] if found else None


def read(options: SandboxOptions, *, api_url: str) -> Blueprint:
    """The template of *options*, translated, with its parameters checked and its rules enforced.

    The address of the backends is still to be set on `physical`, before any resource is looked at.
    """
    source = template.read(options.template)
    chosen = parameters.from_samconfig(options.config, options.environment) | dict(options.parameters)
    values = parameters.values(source.get("Parameters"), chosen)
    folder = options.template.resolve().parent
    translated = template.translate(source, folder=folder, parameters=_for_translator(values))
    body = translated.body
    physical = Physical(
        stack_name=options.stack_name,
        parameters=values,
        resources=mapping(body.get("Resources"), "Resources"),
        api_url=api_url,
    )
    surroundings = Surroundings(
        ref=physical.ref,
        attribute=physical.attribute,
        conditions=mapping(body.get("Conditions"), "Conditions"),
        mappings=mapping(body.get("Mappings"), "Mappings"),
    )
    resolver = Resolver(surroundings)
    physical.resolve = resolver.resolve
    _enforce_rules(body, resolver)
    physical.resources = _present(physical.resources, resolver)
    return Blueprint(template=translated, physical=physical, resolver=resolver)


def _for_translator(values: dict[str, Json]) -> dict[str, Json]:
    # The translator takes a list parameter as CloudFormation receives it: one string.
    return {name: ",".join(map(str, value)) if isinstance(value, list) else value for name, value in values.items()}


def _present(resources: Mapping[str, Json], resolver: Resolver) -> dict[str, Json]:
    """The resources whose condition holds."""
    present: dict[str, Json] = {}
    for logical_id, resource in resources.items():
        condition = mapping(resource, logical_id).get("Condition")
        if condition is None or resolver.condition(text(condition, logical_id)):
            present[logical_id] = resource
    return present


def _enforce_rules(body: dict[str, Json], resolver: Resolver) -> None:
    """CloudFormation's Rules: assertions about parameters that must hold before anything is made."""
    for name, declared in mapping(body.get("Rules"), "Rules").items():
        rule = mapping(declared, name)
        if "RuleCondition" in rule and not resolver.holds(rule["RuleCondition"]):
            continue
        for item in sequence(rule.get("Assertions")):
            assertion = mapping(item, name)
            if not resolver.holds(assertion.get("Assert")):
                why = text(assertion.get("AssertDescription", "its assertion does not hold"), name)
                raise TemplateError(f"Rule {name}: {why}")
