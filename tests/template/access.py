"""Rules on who may do what. Each returns what is wrong, nothing if all is well."""

import re
from collections import defaultdict

from tests.template.policies import ACCOUNT, principals_by_key_policy, roles_by_iam, statements
from tests.template.stacks import FUNCTIONS, Stack

TRACES = frozenset({"xray:PutTelemetryRecords", "xray:PutTraceSegments"})  # X-Ray has no resources for them
WHO_DERIVES_CODES = {"DeliverRole", "VerifyRole"}
UNUSABLE_BY_ACCOUNT = ("CodeKey", "IdentityKey", "SigningKey")
USES = ("kms:GenerateMac", "kms:VerifyMac", "kms:Sign", "kms:GetPublicKey", "kms:CreateGrant", "kms:ReplicateKey")
_SECRET_NAME = re.compile(r"SECRET|PASSWORD|PASSWD|TOKEN|API_?KEY|CREDENTIAL|PRIVATE", re.IGNORECASE)
_SECRET_VALUE = re.compile(r"AKIA[0-9A-Z]{16}|-----BEGIN|\b[A-Za-z0-9+/]{40,}={0,2}\b")


def statements_without_sid(stack: Stack) -> list[str]:
    """Statements that do not say in a word what they are for."""
    return [each.where for each in statements(stack) if not re.fullmatch(r"[A-Z][A-Za-z0-9]+", each.sid)]


def wildcard_actions(stack: Stack) -> list[str]:
    """Statements that allow actions by pattern. A denial may: it should cover what does not exist yet."""
    return [f"{e.where}/{e.sid}" for e in statements(stack) if e.allows and any("*" in a for a in e.actions)]


def wildcard_resources(stack: Stack) -> list[str]:
    """Statements of roles that speak of resources by pattern, but for the two actions of X-Ray."""
    given = [each for each in statements(stack) if each.role]
    wide = [each for each in given if any("*" in resource for resource in each.resources)]
    return [f"{each.where}/{each.sid}" for each in wide if each.actions != TRACES]


def borrowed_policies(stack: Stack) -> list[str]:
    """Roles and functions with policies that are not written out here."""
    # The functions as written: the translator spends a SAM policy on a role of its own making.
    resources = [*stack.source["Resources"].items(), *stack.resources.items()]
    borrowing = [n for n, r in resources if {"ManagedPolicyArns", "Policies"} & set(r["Properties"])]
    return borrowing + [n for n, r in resources if r["Type"] == "AWS::IAM::ManagedPolicy"]


def wrong_hands_on_codes(stack: Stack) -> list[str]:
    """Whoever may compute MACs with CodeKey, by their own policy or the key's, and is not deliver or verify."""
    by_iam = roles_by_iam(stack, "kms:GenerateMac", "CodeKey.Arn")
    by_key = {name.removesuffix(".Arn") for name in principals_by_key_policy(stack, "kms:GenerateMac", "CodeKey")}
    return sorted(map(str, (by_iam ^ WHO_DERIVES_CODES) | (by_key ^ WHO_DERIVES_CODES)))


def keys_usable_by_the_account(stack: Stack) -> list[str]:
    """Keys whose policy hands their use, or the granting of it, to whatever IAM says in this account."""
    return [
        f"{key}: {action}"
        for key in UNUSABLE_BY_ACCOUNT
        for action in USES
        if {ACCOUNT, "*"} & principals_by_key_policy(stack, action, key)
    ]


def keys_without_administrator(stack: Stack) -> list[str]:
    """Keys that nobody could ever mend: the account must be able to change their policy."""
    keys = stack.of_type("AWS::KMS::Key")
    return [key for key in keys if ACCOUNT not in principals_by_key_policy(stack, "kms:PutKeyPolicy", key)]


def shared_or_missing_roles(stack: Stack) -> list[str]:
    """Functions without a role, a policy and a log group of their own, named alike."""
    wrong: list[str] = []
    for function in FUNCTIONS:
        stem = function.removesuffix("Function")
        properties = stack.properties(function)
        own = properties.get("Role") == f"{stem}Role.Arn"
        policies = [p for p in stack.of_type("AWS::IAM::RolePolicy").values() if p["RoleName"] == f"{stem}Role"]
        logs = properties.get("LoggingConfig", {}).get("LogGroup") == f"{stem}LogGroup"
        if not (own and logs and len(policies) == 1 and f"{stem}Role" in stack.resources):
            wrong.append(function)
    return wrong


def roles_outside_the_boundary(stack: Stack, boundary: str) -> list[str]:
    """Roles that the permissions boundary does not bound."""
    roles = stack.of_type("AWS::IAM::Role")
    return [name for name, properties in roles.items() if properties.get("PermissionsBoundary") != boundary]


def grants(stack: Stack) -> dict[str, dict[str, set[str]]]:
    """Return what each role may do: role → resource → actions."""
    found: dict[str, dict[str, set[str]]] = {}
    for each in statements(stack):
        if each.role and each.allows:
            own = found.setdefault(each.role, defaultdict(set))
            for resource in each.resources:
                own[resource] |= each.actions
    return {role: dict(own) for role, own in found.items()}


def secrets_in_the_open(stack: Stack) -> list[str]:
    """Environment variables and parameters that hold, or look as if they held, a secret."""
    found = [f"parameter {name}" for name in stack.source["Parameters"] if _SECRET_NAME.search(name)]
    for function, properties in stack.of_type("AWS::Lambda::Function").items():
        for name, value in properties["Environment"]["Variables"].items():
            if _SECRET_NAME.search(name) or _SECRET_VALUE.search(str(value)):
                found.append(f"{function}: {name}")
    return found
