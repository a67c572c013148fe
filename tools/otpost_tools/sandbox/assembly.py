"""Turns a blueprint into the stack that the sandbox runs."""

from collections import Counter
from pathlib import Path

from otpost_tools.sandbox import http_api, place
from otpost_tools.sandbox.blueprint import Blueprint, Resource
from otpost_tools.sandbox.errors import TemplateError
from otpost_tools.sandbox.physical import arn
from otpost_tools.sandbox.shapes import Json, integer, mapping, sequence, text
from otpost_tools.sandbox.stack import Function, QueueSource, Rule, Stack

# What runs, or is created on the backends. Everything else is listed for the person at the terminal.
EMULATED = {
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Stage",
    "AWS::DynamoDB::Table",
    "AWS::KMS::Alias",
    "AWS::KMS::Key",
    "AWS::Lambda::Alias",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Version",
    "AWS::SES::ConfigurationSet",
    "AWS::SES::EmailIdentity",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
}
_DEFAULT_TIMEOUT = 3
_DEFAULT_MEMORY = 128
_DEFAULT_BATCH = 10


def assemble(blueprint: Blueprint) -> Stack:
    """The stack, from a blueprint whose KMS keys exist."""
    functions = tuple(_function(blueprint, found) for found in blueprint.resources("AWS::Lambda::Function"))
    by_name = {function.name: function.logical_id for function in functions}
    api = blueprint.only("AWS::ApiGatewayV2::Api")
    body = mapping(api.properties.get("Body"), "Body") if api else {}
    rules = tuple(_rules(blueprint, by_name))
    return Stack(
        functions=functions,
        routes=http_api.routes(body, by_name),
        cors=http_api.cors(body),
        sources=tuple(
            _source(blueprint, found, by_name) for found in blueprint.resources("AWS::Lambda::EventSourceMapping")
        ),
        rules=rules,
        not_emulated=_not_emulated(blueprint, {rule.name for rule in rules}),
    )


def _function(blueprint: Blueprint, found: Resource) -> Function:
    properties = found.properties
    where = found.logical_id
    variables = mapping(mapping(properties.get("Environment"), where).get("Variables"), where)
    reserved = properties.get("ReservedConcurrentExecutions")
    logging = mapping(properties.get("LoggingConfig"), where)
    return Function(
        logical_id=where,
        name=found.name,
        arn=arn(found.kind, found.name),
        handler=text(properties.get("Handler"), f"{where}.Handler"),
        timeout=integer(properties.get("Timeout", _DEFAULT_TIMEOUT), where),
        memory=integer(properties.get("MemorySize", _DEFAULT_MEMORY), where),
        environment={name: text(value, f"{where}.{name}") for name, value in variables.items()},
        code=_code(blueprint, properties.get("Code"), where),
        package=blueprint.template.packages.get(where, ()),
        layers=tuple(_layers(blueprint, found)),
        log_group=text(logging.get("LogGroup", f"/aws/lambda/{found.name}"), where),
        log_format=text(logging.get("LogFormat", "Text"), where),
        reserved_concurrency=None if reserved is None else integer(reserved, where),
    )


def _code(blueprint: Blueprint, code: Json, where: str) -> Path:
    key = text(mapping(code, where).get("S3Key"), f"{where}: only code in a local folder runs in the sandbox")
    return blueprint.template.code[key]


def _layers(blueprint: Blueprint, function: Resource) -> list[Path]:
    layers = {arn(found.kind, found.name): found for found in blueprint.resources("AWS::Lambda::LayerVersion")}
    folders: list[Path] = []
    for given in sequence(function.properties.get("Layers")):
        layer = layers.get(text(given, function.logical_id))
        if layer is None:
            raise TemplateError(f"{function.logical_id} has the layer {given}, which this template does not declare.")
        folder = _code(blueprint, layer.properties.get("Content"), layer.logical_id)
        folders.append(folder / "python" if (folder / "python").is_dir() else folder)
    return folders


def _source(blueprint: Blueprint, found: Resource, functions: dict[str, str]) -> QueueSource:
    properties, where = found.properties, found.logical_id
    queue_arn = text(properties.get("EventSourceArn"), where)
    if ":sqs:" not in queue_arn:
        raise TemplateError(f"{where} reads {queue_arn}; the sandbox pumps SQS queues only.")
    concurrency = mapping(properties.get("ScalingConfig"), where).get("MaximumConcurrency")
    return QueueSource(
        function=functions[_plain_name(text(properties.get("FunctionName"), where))],
        queue_url=f"{blueprint.physical.backends_url}/{place.ACCOUNT}/{queue_arn.rsplit(':', 1)[-1]}",
        queue_arn=queue_arn,
        batch_size=integer(properties.get("BatchSize", _DEFAULT_BATCH), where),
        window=float(integer(properties.get("MaximumBatchingWindowInSeconds", 0), where)),
        partial_failures="ReportBatchItemFailures" in sequence(properties.get("FunctionResponseTypes")),
        concurrency=None if concurrency is None else integer(concurrency, where),
    )


def _plain_name(function: str) -> str:
    """A function's name from its name or ARN, with or without an alias."""
    return function.rsplit(":function:", 1)[-1].partition(":")[0]


def _rules(blueprint: Blueprint, functions: dict[str, str]) -> list[Rule]:
    rules: list[Rule] = []
    for found in blueprint.resources("AWS::Events::Rule"):
        pattern = mapping(found.properties.get("EventPattern"), found.logical_id)
        targets = [mapping(item, found.logical_id) for item in sequence(found.properties.get("Targets"))]
        names = [_plain_name(text(target.get("Arn"), found.logical_id)) for target in targets]
        reached = tuple(functions[name] for name in names if name in functions)
        if pattern and reached:
            rules.append(Rule(name=found.name, pattern=pattern, functions=reached))
    return rules


def _not_emulated(blueprint: Blueprint, rules: set[str]) -> dict[str, int]:
    others = [found.kind for found in blueprint.resources() if found.kind not in EMULATED and found.name not in rules]
    return dict(sorted(Counter(others).items()))
