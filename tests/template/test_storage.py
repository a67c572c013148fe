"""Tables, queues, keys and mail."""

import pytest

from tests.template import storage
from tests.template.stacks import Node, Stack, built


@pytest.mark.parametrize("table", ["ChallengeTable", "IdentityTable"])
def test_a_table_is_keyed_by_pk_paid_by_use_and_swept(stack: Stack, table: str) -> None:
    """A11: sweeping is housekeeping; expiry is compared on every use."""
    properties = stack.properties(table)
    assert properties["KeySchema"] == [{"AttributeName": "pk", "KeyType": "HASH"}]
    assert properties["AttributeDefinitions"] == [{"AttributeName": "pk", "AttributeType": "S"}]
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "remove_after", "Enabled": True}


def test_codes_in_flight_are_kept_once(stack: Stack) -> None:
    """A17: ChallengeTable has neither point-in-time recovery nor a stream."""
    assert storage.copies_of_codes_in_flight(stack) == []


@pytest.mark.parametrize(("stage", "protected"), [("sandbox", False), ("staging", True), ("prod", True)])
def test_streaks_can_be_restored_and_not_deleted(source: Node, stage: str, protected: bool) -> None:  # noqa: FBT001
    """A2: a lost streak would be a fresh start for every attacker."""
    table = built(source, Stage=stage).properties("IdentityTable")
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] is protected


def test_what_cannot_be_made_again_outlives_the_stack(stack: Stack) -> None:
    """A2, A14."""
    assert storage.losable_resources(stack) == []


def test_everything_at_rest_is_under_the_data_key(stack: Stack) -> None:
    """Practice 1."""
    assert storage.unencrypted_resources(stack) == []


def test_queues_and_topics_refuse_insecure_transport(stack: Stack) -> None:
    """Practice 1."""
    assert storage.insecure_transport(stack) == []


def test_the_keys_are_of_the_kinds_that_the_design_names(stack: Stack) -> None:
    """Practice 13: KMS rotates the data key; it can rotate no other kind."""
    keys = stack.of_type("AWS::KMS::Key")
    assert {name: key.get("KeySpec") for name, key in keys.items()} == {
        "CodeKey": "HMAC_256",
        "IdentityKey": "HMAC_256",
        "SigningKey": "ECC_NIST_P256",
        "DataKey": None,
    }
    assert keys["DataKey"]["EnableKeyRotation"] is True


def test_the_mail_queue_waits_for_the_function_and_longer_than_any_code_lives(stack: Stack) -> None:
    """A49."""
    assert storage.impatient_queue(stack) == []


def test_a_mail_given_up_is_kept_for_two_weeks(stack: Stack) -> None:
    """A16, practice 17."""
    assert stack.properties("MailQueue")["RedrivePolicy"] == {
        "deadLetterTargetArn": "MailDeadLetterQueue.Arn",
        "maxReceiveCount": 5,
    }
    dead_letters = stack.properties("MailDeadLetterQueue")
    mail_queue = f"arn:aws:sqs:eu-central-1:000000000000:{stack.properties('MailQueue')['QueueName']}"
    assert dead_letters["MessageRetentionPeriod"] == 14 * 86_400
    assert dead_letters["RedriveAllowPolicy"] == {"redrivePermission": "byQueue", "sourceQueueArns": [mail_queue]}


def test_mail_travels_under_tls_untracked_and_spares_who_bounced(stack: Stack) -> None:
    """Practices 1 and 5, A52."""
    assert storage.weak_mail(stack) == []


def test_the_sender_is_signed_for_and_aligned(stack: Stack) -> None:
    """Practice 5: DKIM of 2048 bits, a MAIL FROM below the domain."""
    identity = stack.properties("EmailIdentity")
    assert identity["DkimAttributes"] == {"SigningEnabled": True}
    assert identity["DkimSigningAttributes"] == {"NextSigningKeyLength": "RSA_2048_BIT"}
    assert identity["MailFromAttributes"]["MailFromDomain"] == "bounce.example.com"
    assert identity["ConfigurationSetAttributes"] == {"ConfigurationSetName": "ConfigurationSet"}


def test_an_identity_managed_elsewhere_is_left_alone(source: Node) -> None:
    """Two stacks cannot own one identity."""
    assert built(source, CreateEmailIdentity="false").of_type("AWS::SES::EmailIdentity") == {}
