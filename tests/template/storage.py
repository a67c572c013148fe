"""Rules on tables, queues, keys and mail. Each returns what is wrong, nothing if all is well."""

from tests.template.policies import statements
from tests.template.stacks import Stack

LONGEST_LIFE_SECONDS = 86_400
OUTLIVE_THE_STACK = {"CodeKey", "IdentityKey", "SigningKey", "DataKey", "IdentityTable"}
_CMK = {
    "AWS::DynamoDB::Table": lambda p: p.get("SSESpecification", {}).get("KMSMasterKeyId"),
    "AWS::SQS::Queue": lambda p: p.get("KmsMasterKeyId"),
    "AWS::SNS::Topic": lambda p: p.get("KmsMasterKeyId"),
    "AWS::Logs::LogGroup": lambda p: p.get("KmsKeyId"),
}


def copies_of_codes_in_flight(stack: Stack) -> list[str]:
    """Ways in which ChallengeTable would be kept twice."""
    copying = ("PointInTimeRecoverySpecification", "StreamSpecification", "KinesisStreamSpecification", "Replicas")
    return [name for name in copying if name in stack.properties("ChallengeTable")]


def unencrypted_resources(stack: Stack) -> list[str]:
    """What is at rest under another key than DataKey."""
    stored = [(name, _CMK[r["Type"]](r["Properties"])) for name, r in stack.resources.items() if r["Type"] in _CMK]
    return [name for name, key in stored if key != "DataKey.Arn"]


def insecure_transport(stack: Stack) -> list[str]:
    """Queues and topics that would answer without TLS."""
    denied: set[str] = set()
    for each in statements(stack):
        if not each.allows and each.condition == {"Bool": {"aws:SecureTransport": "false"}} and "*" in each.principals:
            denied |= {resource.removesuffix(".Arn") for resource in each.resources}
    return [
        name for kind in ("AWS::SQS::Queue", "AWS::SNS::Topic") for name in stack.of_type(kind) if name not in denied
    ]


def losable_resources(stack: Stack) -> list[str]:
    """Resources that an update or the stack's end would take away for good, though they must not go."""
    policies = ("DeletionPolicy", "UpdateReplacePolicy")
    return [name for name in OUTLIVE_THE_STACK if any(stack.resources[name].get(p) != "Retain" for p in policies)]


def impatient_queue(stack: Stack) -> list[str]:
    """Times of the mail queue that lose or repeat mails: too short for the function, or for the longest life."""
    queue, timeout = stack.properties("MailQueue"), stack.properties("DeliverFunction")["Timeout"]
    retries = queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"]
    wrong: list[str] = []
    if queue["VisibilityTimeout"] < 6 * timeout:
        wrong.append("VisibilityTimeout")
    if queue["MessageRetentionPeriod"] <= LONGEST_LIFE_SECONDS + retries:
        wrong.append("MessageRetentionPeriod")
    return wrong


def weak_mail(stack: Stack) -> list[str]:
    """Settings of the configuration set under which a mail could go in the clear, be tracked, or hurt the sender."""
    given = stack.properties("ConfigurationSet")
    wrong: list[str] = []
    if given.get("DeliveryOptions", {}).get("TlsPolicy") != "REQUIRE":
        wrong.append("TlsPolicy")
    if int(given.get("DeliveryOptions", {}).get("MaxDeliverySeconds", 0)) < 300:
        wrong.append("MaxDeliverySeconds")
    if "TrackingOptions" in given:
        wrong.append("TrackingOptions")
    if set(given.get("SuppressionOptions", {}).get("SuppressedReasons", [])) != {"BOUNCE", "COMPLAINT"}:
        wrong.append("SuppressedReasons")
    return wrong
