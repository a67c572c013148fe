"""Every rule can fail: a template with one mistake in it is found out by the rule that looks for it."""

from collections.abc import Callable

import pytest

from tests.template import access, api, form, storage, watching
from tests.template.mistakes import Mistake, declare, drop, entrust, grant, move_last, put
from tests.template.stacks import Node, Stack, built, written

BOUNDARY = "arn:aws:iam::000000000000:policy/boundary"


@pytest.fixture(scope="module")
def flawless(source: Node) -> Stack:
    """Return the stack without a mistake, its roles bounded."""
    return built(source, PermissionsBoundaryArn=BOUNDARY)


ROOT = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
CODE_KEY = {"Fn::GetAtt": ["CodeKey", "Arn"]}
API = "HttpApi/Properties"
PATHS = f"{API}/DefinitionBody/paths"
CORS = f"{API}/DefinitionBody/x-amazon-apigateway-cors/Fn::If/2"
STATEMENTS = "IssuePolicy/Properties/PolicyDocument/Statement"
LOG = f"{API}/AccessLogSettings"
OPERATION = {"x-amazon-apigateway-integration": {"uri": "elsewhere"}}

ON_THE_STACK: dict[str, tuple[Callable[[Stack], list[str]], Mistake]] = {
    "a statement without a Sid": (access.statements_without_sid, drop(f"{STATEMENTS}/0", "Sid")),
    "an action by pattern": (access.wildcard_actions, grant("Status", "dynamodb:*", "arn:aws:dynamodb:::table/x")),
    "every resource": (access.wildcard_resources, grant("Status", "dynamodb:GetItem", "*")),
    "resources by pattern": (access.wildcard_resources, grant("Status", "dynamodb:GetItem", "arn:aws:dynamodb:*")),
    "a policy of AWS": (
        access.borrowed_policies,
        put("KeysRole/Properties", "ManagedPolicyArns", ["arn:aws:iam::aws:policy/AdministratorAccess"]),
    ),
    "a policy template of SAM": (
        access.borrowed_policies,
        put("KeysFunction/Properties", "Policies", [{"DynamoDBCrudPolicy": {"TableName": "x"}}]),
    ),
    "issue computes codes by its policy": (access.wrong_hands_on_codes, grant("Issue", "kms:GenerateMac", CODE_KEY)),
    "issue computes codes by a pattern": (access.wrong_hands_on_codes, grant("Issue", "kms:Generate*", "*")),
    "issue computes codes by the key's policy": (
        access.wrong_hands_on_codes,
        entrust("CodeKey", {"Fn::GetAtt": ["IssueRole", "Arn"]}, "kms:GenerateMac"),
    ),
    "the account computes codes": (access.wrong_hands_on_codes, entrust("CodeKey", ROOT, "kms:*")),
    "deliver cannot compute codes": (
        access.wrong_hands_on_codes,
        put("DeliverPolicy/Properties/PolicyDocument/Statement/2", "Resource", "elsewhere"),
    ),
    "the account signs": (access.keys_usable_by_the_account, entrust("SigningKey", ROOT, "kms:Sign")),
    "the account grants a key's use": (
        access.keys_usable_by_the_account,
        entrust("CodeKey", ROOT, "kms:CreateGrant"),
    ),
    "nobody can mend a key": (
        access.keys_without_administrator,
        put("CodeKey/Properties/KeyPolicy/Statement/0", "Action", ["kms:DescribeKey"]),
    ),
    "a shared role": (
        access.shared_or_missing_roles,
        put("StatusFunction/Properties", "Role", {"Fn::GetAtt": ["IssueRole", "Arn"]}),
    ),
    "a role outside the boundary": (
        lambda stack: access.roles_outside_the_boundary(stack, BOUNDARY),
        drop("VerifyRole/Properties", "PermissionsBoundary"),
    ),
    "a secret in the environment": (
        access.secrets_in_the_open,
        put("KeysFunction/Properties/Environment/Variables", "HOOK", "AKIAABCDEFGHIJKLMNOP"),
    ),
    "a catch-all route": (api.catch_all_routes, put(PATHS, "$default", {"x-amazon-apigateway-any-method": OPERATION})),
    "a proxy route": (api.catch_all_routes, put(PATHS, "/v1/{proxy+}", {"post": OPERATION})),
    "a route for any method": (
        api.catch_all_routes,
        put(PATHS, "/v1/any", {"x-amazon-apigateway-any-method": OPERATION}),
    ),
    "an unthrottled route": (api.unthrottled_routes, put(PATHS, "/v1/more", {"get": OPERATION})),
    "any origin": (api.open_cors, put(CORS, "allowOrigins", ["*"])),
    "cookies across origins": (api.open_cors, put(CORS, "allowCredentials", "true")),
    "a logged query": (api.talkative_access_log, put(LOG, "Format", '{"path":"$context.path"}')),
    "a logged caller": (api.talkative_access_log, put(LOG, "Format", '{"ip":"$context.identity.sourceIp"}')),
    "a backup of codes in flight": (
        storage.copies_of_codes_in_flight,
        put("ChallengeTable/Properties", "PointInTimeRecoverySpecification", {"PointInTimeRecoveryEnabled": True}),
    ),
    "a stream of codes in flight": (
        storage.copies_of_codes_in_flight,
        put("ChallengeTable/Properties", "StreamSpecification", {"StreamViewType": "NEW_IMAGE"}),
    ),
    "a table under AWS's key": (storage.unencrypted_resources, drop("IdentityTable/Properties", "SSESpecification")),
    "a log under AWS's key": (storage.unencrypted_resources, drop("ApiLogGroup/Properties", "KmsKeyId")),
    "a queue in the clear": (storage.unencrypted_resources, drop("MailQueue/Properties", "KmsMasterKeyId")),
    "a topic without TLS": (
        storage.insecure_transport,
        drop("AlarmTopicPolicy/Properties/PolicyDocument/Statement/1", "Condition"),
    ),
    "a key that goes with the stack": (storage.losable_resources, put("CodeKey", "DeletionPolicy", "Delete")),
    "streaks that go with an update": (storage.losable_resources, drop("IdentityTable", "UpdateReplacePolicy")),
    "a mail that comes back too early": (storage.impatient_queue, put("MailQueue/Properties", "VisibilityTimeout", 89)),
    "a mail that is forgotten too early": (
        storage.impatient_queue,
        put("MailQueue/Properties", "MessageRetentionPeriod", 86_400 + 450),
    ),
    "mail in the clear": (
        storage.weak_mail,
        put("ConfigurationSet/Properties/DeliveryOptions", "TlsPolicy", "OPTIONAL"),
    ),
    "tracked mail": (
        storage.weak_mail,
        put("ConfigurationSet/Properties", "TrackingOptions", {"CustomRedirectDomain": "click.example.com"}),
    ),
    "mail to who bounced": (storage.weak_mail, drop("ConfigurationSet/Properties", "SuppressionOptions")),
    "a log kept for ever": (watching.unkept_logs, drop("VerifyLogGroup/Properties", "RetentionInDays")),
    "a log of nobody's": (watching.unkept_logs, drop("VerifyFunction/Properties", "LoggingConfig")),
    "an alarm nobody hears": (watching.mute_alarms, drop("IssueErrorsAlarm/Properties", "AlarmActions")),
    "an alarm that never clears": (watching.mute_alarms, put("IssueErrorsAlarm/Properties", "OKActions", [])),
    "an alarm without advice": (watching.mute_alarms, put("IssueErrorsAlarm/Properties", "AlarmDescription", "Oh no")),
    "an alarm undecided about silence": (watching.mute_alarms, drop("IssueRateAlarm/Properties", "TreatMissingData")),
    "a key that alarms cannot use": (watching.unheard_topic, drop("DataKey/Properties/KeyPolicy/Statement", "3")),
    "a function nobody watches": (watching.unwatched_functions, drop("", "KeysThrottlesAlarm")),
    "an alarm on what nobody emits": (
        watching.alarms_on_nothing,
        put("IssueRateAlarm/Properties/Metrics/0/MetricStat/Metric", "MetricName", "Chalenges"),
    ),
}


@pytest.mark.parametrize(("rule", "mistake"), ON_THE_STACK.values(), ids=ON_THE_STACK.keys())
def test_a_mistake_in_the_stack_is_found(flawless: Stack, rule: Callable[[Stack], list[str]], mistake: Mistake) -> None:
    """Every row that these rules stand for."""
    assert rule(flawless) == []
    source = written()

    mistake(source)

    assert rule(built(source, PermissionsBoundaryArn=BOUNDARY)) != []


ON_THE_TEXT: dict[str, tuple[Callable[[Node], list[str]], Mistake]] = {
    "sections in another order": (form.misplaced_sections, move_last("Parameters")),
    "a parameter without a word": (form.unexplained_parameters, declare("Stage", Description="")),
    "a number without an end": (form.unbounded_parameters, declare("NewLimit", Type="Number", MinValue=1)),
    "a text that may be anything": (form.unbounded_parameters, declare("NewText", Type="String")),
    "a pattern that matches anything": (
        form.unbounded_parameters,
        declare("NewText", Type="String", AllowedPattern="^.*$"),
    ),
    "a number of what": (form.unitless_numbers, declare("Lifetime", Type="Number", MinValue=1, MaxValue=2)),
    "a default out of bounds": (form.defaults_out_of_bounds, declare("SignInLifetimeSeconds", Default=601)),
    "a parameter in no group": (form.parameters_outside_their_groups, declare("NewLimit", Type="Number")),
    "a default audience": (form.defaulted_decisions, declare("ReceiptAudience", Default="otpost")),
}


@pytest.mark.parametrize(("rule", "mistake"), ON_THE_TEXT.values(), ids=ON_THE_TEXT.keys())
def test_a_mistake_in_the_text_is_found(rule: Callable[[Node], list[str]], mistake: Mistake) -> None:
    """Every row that these rules stand for."""
    source = written()
    assert rule(source) == []

    mistake(source)

    assert rule(source) != []
