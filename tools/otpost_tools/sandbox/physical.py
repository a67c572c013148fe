"""What the resources of the stack are called once they exist: Ref and GetAtt of each type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from otpost_tools.sandbox import place
from otpost_tools.sandbox.errors import TemplateError
from otpost_tools.sandbox.shapes import Json, mapping, text

_NAME_PROPERTY = {
    "AWS::Lambda::Function": "FunctionName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SES::ConfigurationSet": "Name",
    "AWS::SES::EmailIdentity": "EmailIdentity",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lambda::Alias": "Name",
}
_ARN = {
    "AWS::Lambda::Function": "lambda:{where}:function:{name}",
    "AWS::Lambda::LayerVersion": "lambda:{where}:layer:{name}:1",
    "AWS::DynamoDB::Table": "dynamodb:{where}:table/{name}",
    "AWS::SQS::Queue": "sqs:{where}:{name}",
    "AWS::SNS::Topic": "sns:{where}:{name}",
    "AWS::KMS::Key": "kms:{where}:key/{name}",
    "AWS::IAM::Role": "iam::{account}:role/{name}",
    "AWS::Logs::LogGroup": "logs:{where}:log-group:{name}:*",
    "AWS::SES::ConfigurationSet": "ses:{where}:configuration-set/{name}",
    "AWS::SES::EmailIdentity": "ses:{where}:identity/{name}",
    "AWS::Events::Rule": "events:{where}:rule/{name}",
}


def arn(kind: str, name: str) -> str:
    """The ARN of a resource of type *kind*; a made-up form where the sandbox has no use for the real one."""
    form = _ARN.get(kind, kind.split("::")[1].lower() + ":{where}:{name}")
    where = f"{place.REGION}:{place.ACCOUNT}"
    return f"arn:{place.PARTITION}:" + form.format(where=where, account=place.ACCOUNT, name=name)


@dataclass(slots=True, kw_only=True)
class Physical:
    """Names of everything in the stack.

    *keys* fills while the KMS keys are created: their ids are the only ones that the backend chooses.
    """

    stack_name: str
    parameters: Mapping[str, Json]
    resources: Mapping[str, Json]
    api_url: str
    backends_url: str = ""
    resolve: Callable[[Json], Json] = lambda value: value
    keys: dict[str, str] = field(default_factory=dict[str, str])

    def ref(self, name: str) -> Json:
        """What Ref *name* gives."""
        known = {**self._pseudo(), **self.parameters}
        if name in known:
            return known[name]
        physical = self.name(name)
        match self.kind(name):
            case "AWS::SQS::Queue":
                return f"{self.backends_url}/{place.ACCOUNT}/{physical}"
            case "AWS::SNS::Topic" | "AWS::Lambda::LayerVersion" as kind:
                return arn(kind, physical)
            case "AWS::ApiGatewayV2::Api":
                return place.API_ID
            case "AWS::Lambda::Alias" | "AWS::Lambda::Version":
                return f"{self._function_arn_of(name)}:{physical}"
            case _:
                return physical

    def attribute(self, logical_id: str, attribute: str) -> Json:
        """What GetAtt *logical_id*.*attribute* gives."""
        kind, physical = self.kind(logical_id), self.name(logical_id)
        if kind == "AWS::ApiGatewayV2::Api" and attribute == "ApiEndpoint":
            return self.api_url
        if attribute in {"Arn", "TopicArn"}:
            return arn(kind, physical)
        if attribute in {"QueueName", "TopicName"}:
            return physical
        if attribute == "QueueUrl":
            return self.ref(logical_id)
        return f"{physical}.{attribute}"

    def kind(self, logical_id: str) -> str:
        """The CloudFormation type of a resource."""
        if logical_id not in self.resources:
            raise TemplateError(f"The template refers to {logical_id}, which it does not declare.")
        return text(mapping(self.resources[logical_id], logical_id).get("Type"), logical_id)

    def name(self, logical_id: str) -> str:
        """The physical name or id: the one given in the template, else stack and logical id."""
        kind = self.kind(logical_id)
        if kind == "AWS::KMS::Key":
            return self.keys.get(logical_id, logical_id)
        given = self.properties(logical_id).get(_NAME_PROPERTY.get(kind, ""))
        chosen = self.resolve(given)
        return text(chosen, logical_id) if chosen is not None else f"{self.stack_name}-{logical_id}"

    def properties(self, logical_id: str) -> dict[str, Json]:
        """The properties as declared, not resolved."""
        return mapping(mapping(self.resources[logical_id], logical_id).get("Properties"), logical_id)

    def _function_arn_of(self, logical_id: str) -> str:
        function = text(self.resolve(self.properties(logical_id).get("FunctionName")), logical_id)
        return function if function.startswith("arn:") else arn("AWS::Lambda::Function", function)

    def _pseudo(self) -> dict[str, Json]:
        stack = f"arn:{place.PARTITION}:cloudformation:{place.REGION}:{place.ACCOUNT}:stack/{self.stack_name}/sandbox"
        return {
            "AWS::StackName": self.stack_name,
            "AWS::StackId": stack,
            "AWS::Region": place.REGION,
            "AWS::AccountId": place.ACCOUNT,
            "AWS::Partition": place.PARTITION,
            "AWS::URLSuffix": place.URL_SUFFIX,
        }
