"""docs/openapi.yaml, the answers: what the code says, to the member and the header."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from otpost import answer, http, outcome, problem
from otpost.answer import Answer
from otpost.aws.signer import KmsSigner
from otpost.challenge import REPEAT_WINDOW, Challenge, Delivery, Verdict
from otpost.challenge_id import ChallengeId, hour_of
from otpost.errors import BodyTooLarge, Flaw, InvalidRequest, Unavailable, UnsupportedMediaType
from otpost.issuing import Issued
from otpost.receipt import Receipts
from otpost.transaction import transaction_hash
from otpost.verifying import Accepted
from otpost.window import Limit, RateLimited
from tests.docs.described import API, SCHEMAS, Node, accepts, operations, resolved, validator

NOW = datetime(2026, 11, 24, 9, 30, 12, 345000, UTC)
ID = ChallengeId(region="eu-central-1", hour=hour_of(NOW), code_length=6, entropy=bytes(16))
CHALLENGE = Challenge(
    key=ID.key,
    email="ada@example.com",
    identity="5" * 64,
    window="6" * 64,
    purpose="sign_in",
    transaction=None,
    transaction_hash=transaction_hash(None),
    nonce="n",
    locale=None,
    code_length=6,
    attempts_allowed=5,
    issued_at=NOW,
    life=timedelta(seconds=300),
    expires_at=NOW + timedelta(seconds=300),
    latest=NOW + timedelta(seconds=600),
    resend_at=NOW + timedelta(seconds=30),
)


class _Kms:
    """Holds a public key; it signs nothing that anybody could check."""

    def get_public_key(self, **_: object) -> dict[str, bytes]:
        key = ec.generate_private_key(ec.SECP256R1()).public_key()
        return {"PublicKey": key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)}

    def sign(self, **_: object) -> dict[str, bytes]:
        return {"Signature": bytes.fromhex("3006020101020101")}


SIGNER = KmsSigner(_Kms(), "arn:aws:kms:eu-central-1:000000000000:key/signing")  # type: ignore[arg-type]  # two methods
RECEIPTS = Receipts(issuer="https://codes.example.com", audience="example")
RECEIPT = RECEIPTS.sign(CHALLENGE, NOW, SIGNER)

ANSWERS: dict[str, list[Answer]] = {
    "Issued": [outcome.issued(Issued(challenge_id=ID, challenge=CHALLENGE, repeated=r)) for r in (False, True)],
    "Accepted": [
        outcome.verified(Accepted(challenge=CHALLENGE, receipt=RECEIPT, repeated=False, streak_ended=True)),
    ],
    "Status": [outcome.status(replace(CHALLENGE, delivery=delivery), NOW) for delivery in Delivery],
    "Cancelled": [outcome.cancelled(Verdict.CANCELLED)],
    "Keys": [answer.public({"keys": [SIGNER.public_jwk()]})],
    "Description": [answer.public(API)],
    "Health": [answer.healthy()],
    "InvalidRequest": [
        problem.failed(InvalidRequest(Flaw(where="#/code", detail="d"), Flaw(where="Idempotency-Key", detail="d")))
    ],
    "WrongCode": [problem.refused(Verdict.WRONG_CODE, CHALLENGE)],
    "UnknownChallenge": [problem.refused(Verdict.UNKNOWN), outcome.status(None, NOW)],
    "Gone": [
        problem.refused(verdict)
        for verdict in (Verdict.CONSUMED, Verdict.CANCELLED, Verdict.EXHAUSTED, Verdict.EXPIRED)
    ],
    "Consumed": [outcome.cancelled(Verdict.CONSUMED)],
    "BodyTooLarge": [problem.failed(BodyTooLarge())],
    "UnsupportedMediaType": [problem.failed(UnsupportedMediaType())],
    "RateLimited": [problem.rate_limited(RateLimited(limit=limit, retry_after=timedelta(0))) for limit in Limit],
    "Unavailable": [problem.failed(Unavailable())],
}
"""What the code says, by the response of the description. API Gateway's own is not here: it is not ours to say."""

SAID = [pytest.param(name, each, id=f"{name}-{at}") for name, said in ANSWERS.items() for at, each in enumerate(said)]


def _described(name: str) -> tuple[Node, str, Node]:
    response: Node = API["components"]["responses"][name]
    ((media_type, content),) = response["content"].items()
    return response, media_type, resolved(content["schema"])


def test_every_response_is_said_by_somebody() -> None:
    assert set(ANSWERS) == set(API["components"]["responses"]) - {"NotSigned"}


@pytest.mark.parametrize(("name", "said"), SAID)
def test_the_body_has_the_members_described_and_no_others(name: str, said: Answer) -> None:
    _, _, schema = _described(name)
    body = json.loads(http._response(said)["body"])
    validator(schema).validate(body)
    if "properties" in schema:
        assert set(body) == set(schema["properties"]) == set(schema["required"])
        assert schema["additionalProperties"] is False


@pytest.mark.parametrize(("name", "said"), SAID)
def test_the_headers_are_those_described(name: str, said: Answer) -> None:
    """A59: `no-store` wherever it is not public."""
    response, media_type, _ = _described(name)
    headers: dict[str, str] = http._response(said)["headers"]
    assert headers.pop("content-type") == media_type
    assert set(headers) == {header.lower() for header in response["headers"]}
    for header, described in response["headers"].items():
        schema = resolved(described)["schema"]
        value = headers[header.lower()]
        validator(schema).validate(int(value) if schema.get("type") == "integer" else value)


@pytest.mark.parametrize(("name", "said"), SAID)
def test_the_status_is_the_one_it_is_listed_under(name: str, said: Answer) -> None:
    reference = f"#/components/responses/{name}"
    listed = {
        status
        for operation in operations().values()
        for status, response in operation["responses"].items()
        if response == {"$ref": reference}
    }
    assert listed == {str(said.status.value)}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_every_value_that_a_member_can_take_is_said(name: str) -> None:
    """An enum of the description has no word that the code never says."""
    _, _, schema = _described(name)
    for member, described in schema.get("properties", {}).items():
        if name != "Status" and "enum" in resolved(described):
            assert {said.body[member] for said in ANSWERS[name]} == set(resolved(described)["enum"])


def test_the_verdicts_of_a_status_are_those_of_the_code() -> None:
    tried = {bytes((at,)) for at in range(5)}
    states = [
        CHALLENGE,
        replace(CHALLENGE, consumed_by=b"a", consumed_at=NOW),
        replace(CHALLENGE, cancelled_at=NOW),
        replace(CHALLENGE, tries=frozenset(tried)),
        replace(CHALLENGE, expires_at=NOW),
    ]
    members = SCHEMAS["ChallengeStatus"]["properties"]
    assert members["verdict"]["enum"] == [outcome.status(state, NOW).body["verdict"] for state in states]
    assert members["delivery"]["enum"] == [delivery.value for delivery in Delivery]


def test_the_id_is_as_described_in_every_region() -> None:
    for region in ("af-south-1", "ap-southeast-1", "us-gov-west-1", "eu-isoe-northwest-1"):
        assert accepts("ChallengeId", replace(ID, region=region).token)


@pytest.mark.parametrize("nonce", [None, "n"])
def test_the_claims_of_a_receipt_are_those_described(nonce: str | None) -> None:
    claims = RECEIPTS.claims(replace(CHALLENGE, nonce=nonce), NOW)
    schema = SCHEMAS["ReceiptClaims"]
    validator(schema).validate(claims)
    assert set(claims) | {"nonce"} == set(schema["properties"])
    assert set(schema["required"]) == set(schema["properties"]) - {"nonce"}
    assert schema["properties"]["exp"]["description"].startswith(f"{REPEAT_WINDOW.seconds} seconds")


def test_the_header_of_a_receipt_is_the_one_described() -> None:
    header = json.loads(_decoded(RECEIPT.partition(".")[0]))
    validator(SCHEMAS["ReceiptHeader"]).validate(header)
    assert set(header) == set(SCHEMAS["ReceiptHeader"]["properties"]) == set(SCHEMAS["ReceiptHeader"]["required"])


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
