"""Who may do what."""

from tests.template import access
from tests.template.policies import ACCOUNT, principals_by_key_policy, roles_by_iam, statements
from tests.template.stacks import Node, Stack, built

TRACING = {"*": {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}}
LOGGING = {"logs:CreateLogStream", "logs:PutLogEvents"}
IDENTITY = "arn:aws:ses:eu-central-1:000000000000:identity/example.com"
CONFIGURATION_SET = "arn:aws:ses:eu-central-1:000000000000:configuration-set/ConfigurationSet"


def test_every_statement_says_what_it_is_for(stack: Stack) -> None:
    """Practice 13."""
    assert access.statements_without_sid(stack) == []


def test_no_statement_allows_actions_by_pattern(stack: Stack) -> None:
    """Practice 13: no wildcards."""
    assert access.wildcard_actions(stack) == []


def test_no_role_reaches_resources_by_pattern_but_for_x_ray_which_has_none(stack: Stack) -> None:
    """Practice 13: no wildcards."""
    assert access.wildcard_resources(stack) == []


def test_no_role_borrows_a_policy(stack: Stack) -> None:
    """Practice 13: what a role may do is written beside its function."""
    assert access.borrowed_policies(stack) == []


def test_only_deliver_and_verify_can_compute_codes(stack: Stack) -> None:
    """A56, A16: by their own policies and by the key's, exactly these two."""
    assert access.wrong_hands_on_codes(stack) == []


def test_the_function_that_issues_cannot_compute_a_code(stack: Stack) -> None:
    """A56."""
    assert "IssueRole" not in roles_by_iam(stack, "kms:GenerateMac", "CodeKey.Arn")
    assert "IssueRole.Arn" not in principals_by_key_policy(stack, "kms:GenerateMac", "CodeKey")


def test_nobody_may_ask_kms_whether_a_code_is_right(stack: Stack) -> None:
    """A56: VerifyMac would be an oracle for codes that leaves no attempt behind."""
    assert principals_by_key_policy(stack, "kms:VerifyMac", "CodeKey") == set()
    assert roles_by_iam(stack, "kms:VerifyMac", "CodeKey.Arn") == set()


def test_the_account_administers_the_keys_but_cannot_use_them_nor_grant_their_use(stack: Stack) -> None:
    """A56: an administrator's IAM policy does not reach a code; a changed key policy stands in CloudTrail."""
    assert access.keys_usable_by_the_account(stack) == []


def test_no_key_can_be_locked_out(stack: Stack) -> None:
    """Practice 13."""
    assert access.keys_without_administrator(stack) == []


def test_every_other_key_is_in_the_hands_of_the_one_function_that_needs_it(stack: Stack) -> None:
    """A56, A29."""
    assert principals_by_key_policy(stack, "kms:GenerateMac", "IdentityKey") == {"IssueRole.Arn"}
    assert principals_by_key_policy(stack, "kms:Sign", "SigningKey") == {"VerifyRole.Arn"}
    assert principals_by_key_policy(stack, "kms:GetPublicKey", "SigningKey") == {"KeysRole.Arn"}
    assert roles_by_iam(stack, "kms:Sign", "SigningKey.Arn") == {"VerifyRole"}


def test_receipts_are_signed_in_one_way_only(stack: Stack) -> None:
    """A29: no other algorithm, and KMS hashes."""
    signing = [each for each in statements(stack) if each.permits("kms:Sign")]
    expected = {"StringEquals": {"kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "RAW"}}
    assert {each.where for each in signing} == {"VerifyPolicy", "SigningKey"}
    assert all(each.condition == expected for each in signing)


def test_the_data_key_serves_the_account_only_through_the_services_that_store(stack: Stack) -> None:
    """Practice 13: nobody decrypts by hand."""
    given = [each for each in statements(stack) if each.where == "DataKey" and ACCOUNT in each.principals]
    using = [each for each in given if each.permits("kms:Decrypt") or each.permits("kms:CreateGrant")]
    services = {f"{name}.eu-central-1.amazonaws.com" for name in ("dynamodb", "sqs", "sns")}
    assert [set(each.condition["StringEquals"]["kms:ViaService"]) for each in using] == [services]


def test_every_function_has_a_role_a_policy_and_a_log_of_its_own(stack: Stack) -> None:
    """Practice 13."""
    assert access.shared_or_missing_roles(stack) == []


def test_a_permissions_boundary_bounds_every_role(source: Node) -> None:
    """Practice 13."""
    boundary = "arn:aws:iam::000000000000:policy/boundary"
    assert access.roles_outside_the_boundary(built(source, PermissionsBoundaryArn=boundary), boundary) == []


def test_a_role_may_do_exactly_what_its_function_does(stack: Stack) -> None:
    """Practice 13, A56: only the actions used, on the resources used."""
    assert access.grants(stack) == {
        "IssueRole": {
            "ChallengeTable.Arn": {
                "dynamodb:ConditionCheckItem",
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
            },
            "IdentityTable.Arn": {"dynamodb:GetItem"},
            "MailQueue.Arn": {"sqs:SendMessage"},
            "IdentityKey.Arn": {"kms:GenerateMac"},
            "DataKey.Arn": {"kms:Decrypt", "kms:GenerateDataKey"},
            "IssueLogGroup.Arn": LOGGING,
            **TRACING,
        },
        "VerifyRole": {
            "ChallengeTable.Arn": {"dynamodb:UpdateItem"},
            "IdentityTable.Arn": {"dynamodb:UpdateItem"},
            "CodeKey.Arn": {"kms:GenerateMac"},
            "SigningKey.Arn": {"kms:Sign"},
            "DataKey.Arn": {"kms:Decrypt"},
            "VerifyLogGroup.Arn": LOGGING,
            **TRACING,
        },
        "StatusRole": {
            "ChallengeTable.Arn": {"dynamodb:GetItem"},
            "DataKey.Arn": {"kms:Decrypt"},
            "StatusLogGroup.Arn": LOGGING,
            **TRACING,
        },
        "DeliverRole": {
            "ChallengeTable.Arn": {"dynamodb:UpdateItem"},
            "MailQueue.Arn": {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"},
            "CodeKey.Arn": {"kms:GenerateMac"},
            IDENTITY: {"ses:SendEmail", "ses:SendRawEmail"},
            CONFIGURATION_SET: {"ses:SendEmail", "ses:SendRawEmail"},
            "DataKey.Arn": {"kms:Decrypt"},
            "DeliverLogGroup.Arn": LOGGING,
            **TRACING,
        },
        "KeysRole": {"SigningKey.Arn": {"kms:GetPublicKey"}, "KeysLogGroup.Arn": LOGGING, **TRACING},
    }


def test_mail_can_be_sent_from_one_address_only(stack: Stack) -> None:
    """Practice 5."""
    sending = [each for each in statements(stack) if each.permits("ses:SendEmail") or each.permits("ses:SendRawEmail")]
    assert [each.condition for each in sending] == [{"StringEquals": {"ses:FromAddress": "no-reply@example.com"}}]


def test_no_secret_stands_in_an_environment_or_a_parameter(stack: Stack) -> None:
    """A54: names and ARNs only."""
    assert access.secrets_in_the_open(stack) == []
