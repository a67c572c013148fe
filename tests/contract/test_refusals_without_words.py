"""What AWS's refusals are taken for when they lack the words: never for less than a failure."""

from botocore.exceptions import ClientError

from otpost.aws.clients import code_of, status_of


def test_a_refusal_without_a_code_has_no_name() -> None:
    assert code_of(ClientError({}, "PutItem")) == ""
    assert code_of(ClientError({"Error": {}}, "PutItem")) == ""
    assert code_of(ClientError({"Error": {"Code": "Throttled"}}, "PutItem")) == "Throttled"


def test_a_refusal_without_a_status_is_a_server_error() -> None:
    """A57."""
    assert status_of(ClientError({}, "SendEmail")) == 500
    assert status_of(ClientError({"ResponseMetadata": {}}, "SendEmail")) == 500  # type: ignore[typeddict-item]  # AWS's
    assert status_of(ClientError({"ResponseMetadata": {"HTTPStatusCode": 400}}, "SendEmail")) == 400  # type: ignore[typeddict-item]
