"""No value shows a code, an id, an address, a nonce, a transaction or a receipt when it is printed."""

from dataclasses import fields, is_dataclass
from datetime import timedelta

import pytest

from otpost.address import EmailAddress, IdentityCase
from otpost.challenge import Verdict
from otpost.code import Code
from otpost.fields import Client
from otpost.form import Form, Member
from otpost.issuing import ChallengeRequest
from otpost.outcome import issued as issued_answer
from otpost.outcome import verified
from otpost.ports import Opened, Spent
from otpost.pseudonym import Pseudonyms
from otpost.request import Request
from otpost.verifying import Accepted, Guess, Refused
from tests.contract.samples import NOW
from tests.unit.world import COMPOSER, IDEMPOTENCY_KEY, World, asking

EMAIL, NONCE, PAYEE, IP = "ada.l@example.com", "a-nonce-of-mine", "Ünal & Söhne", "192.0.2.77"
PRINCIPAL = "111122223333/AROAEXAMPLE"


def everything() -> dict[str, tuple[object, str]]:
    """Return values that hold secrets, each with one that stands in it."""
    world = World()
    issued = world.issued(email=EMAIL, nonce=NONCE, transaction={"payee": PAYEE}, purpose="transaction")
    code = world.code(issued)
    asked = asking(
        email=EMAIL,
        nonce=NONCE,
        transaction={"payee": PAYEE},
        principal=PRINCIPAL,
        idempotency_key=IDEMPOTENCY_KEY,
        source_ip=IP,
    )
    guess = Guess(
        challenge_id=issued.challenge_id,
        code=code,
        purpose="transaction",
        transaction_hash=issued.challenge.transaction_hash,
        idempotency_key=IDEMPOTENCY_KEY,
    )
    accepted = world.verifying.verify(guess, now=NOW)
    assert isinstance(accepted, Accepted)
    standing = accepted.challenge
    token = issued.challenge_id.token
    event = {"routeKey": "POST /v1/challenges", "body": f'{{"email": "{EMAIL}"}}', "headers": {"x": IDEMPOTENCY_KEY}}
    return {
        "an address": (EmailAddress.parse(EMAIL), "ada.l"),
        "the domain of an address": (EmailAddress.parse(EMAIL), "example.com"),
        "a code": (code, code.digits),
        "an id": (issued.challenge_id, token),
        "the entropy of an id": (issued.challenge_id, repr(issued.challenge_id.entropy)),
        "the address of a challenge": (standing, EMAIL),
        "the nonce of a challenge": (standing, NONCE),
        "the transaction of a challenge": (standing, PAYEE),
        "the attempts of a challenge": (standing, repr(standing.consumed_by)),
        "the address asked for": (asked, "ada.l"),
        "the nonce asked for": (asked, NONCE),
        "the transaction asked for": (asked, PAYEE),
        "who asked": (asked, PRINCIPAL),
        "the key of a request": (asked, IDEMPOTENCY_KEY),
        "the source of a request": (asked, IP),
        "an issued id": (issued, token),
        "an issued challenge's address": (issued, EMAIL),
        "an opened challenge": (Opened(challenge=standing, repeated=False), EMAIL),
        "a spent attempt": (Spent(verdict=Verdict.CONSUMED, challenge=standing), EMAIL),
        "a guess": (guess, code.digits),
        "the id of a guess": (guess, token),
        "the key of a guess": (guess, IDEMPOTENCY_KEY),
        "a receipt": (accepted, accepted.receipt),
        "the address of an acceptance": (accepted, EMAIL),
        "a refusal": (Refused(verdict=Verdict.CONSUMED, challenge=standing), EMAIL),
        "the answer to an issue": (issued_answer(issued), token),
        "the answer to a verification": (verified(accepted), accepted.receipt),
        "the address in an answer": (verified(accepted), EMAIL),
        "an event": (Request(event=event, now=NOW), EMAIL),
        "the key in an event": (Request(event=event, now=NOW), IDEMPOTENCY_KEY),
        "a member": (Member(token), token),
        "a form": (Form({"challenge_id": token}), token),
        "a client": (Client(IP, "Mozilla/5.0", "device-7"), IP),
        "the browser of a client": (Client(IP, "Mozilla/5.0", "device-7"), "Mozilla/5.0"),
        "the device of a client": (Client(IP, "Mozilla/5.0", "device-7"), "device-7"),
        "the key of pseudonyms": (Pseudonyms(key=b"k" * 32, case=IdentityCase.EXACT), "k" * 32),
        "the support address of a composer": (COMPOSER, "help@otpost.example"),
        "the sender of a composer": (COMPOSER, "no-reply@otpost.example"),
    }


SAMPLES = everything()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_secret_does_not_print(name: str) -> None:
    """A15: what is logged by accident, or stands in a traceback, tells nothing."""
    value, secret = SAMPLES[name]

    shown = f"{value!r}"

    assert secret not in shown


@pytest.mark.parametrize("name", [name for name, (value, _) in SAMPLES.items() if not isinstance(value, EmailAddress)])
def test_nor_as_text_or_in_a_list(name: str) -> None:
    """A15: of all values only an address is written as text, on purpose."""
    value, secret = SAMPLES[name]

    assert secret not in f"{[value]} {value}"


def test_the_samples_hold_what_they_must_not_print() -> None:
    """Otherwise the tests above would prove nothing."""
    world = World()
    issued = world.issued(email=EMAIL)

    assert issued.challenge.email == EMAIL
    assert len({id(value) for value, _ in SAMPLES.values()}) > 15
    assert all(secret for _, secret in SAMPLES.values())
    asked, _ = SAMPLES["who asked"]
    assert isinstance(asked, ChallengeRequest)
    assert (asked.principal, asked.source_ip) == (PRINCIPAL, IP)


def test_no_value_of_a_challenge_is_a_code(world: World) -> None:
    """A14, A15: not even in the memory of what is stored."""
    issued = world.issued()
    world.delivering.deliver(issued.challenge_id.token, now=NOW)
    world.accepted(issued, after=timedelta(seconds=1))
    standing = world.standing(issued.challenge.key)
    code = world.code(issued)

    assert is_dataclass(standing)
    assert not [field.name for field in fields(standing) if isinstance(getattr(standing, field.name), Code)]
    assert code.digits not in {str(getattr(standing, field.name)) for field in fields(standing)}
