"""Deliver: a batch of ids becomes mails, each sent at least once, with the same code, and never after it is over."""

import re
from email.utils import getaddresses

import pytest
import time_machine
from botocore.awsrequest import AWSResponse

from tests.backends import faults
from tests.backends.account import CHALLENGES, CONFIGURATION_SET, SENDER, Account
from tests.backends.wire import Call, Fault, Forward
from tests.functional.events import batch
from tests.functional.stack import CANCEL, RESEND, STATUS, Stack, code_in, opened_mail, wrong

LEASE = 15
"""Seconds: the function's timeout."""


def delivery(stack: Stack, challenge_id: str) -> object:
    """Return how far the newest mail came."""
    return stack.post(STATUS, {"challenge_id": challenge_id}).body["delivery"]


def test_a_mail_has_exactly_these_headers_and_one_recipient(stack: Stack) -> None:
    """A25, A31."""
    issued = stack.issue("Ada@example.com")
    stack.deliver(issued.body["challenge_id"])

    (mail,) = stack.account.mails()
    message = opened_mail(mail)
    assert (mail.sender, mail.recipients) == (SENDER, ("Ada@example.com",))
    assert sorted(name.lower() for name in message) == [
        "auto-submitted",
        "content-type",
        "date",
        "from",
        "message-id",
        "mime-version",
        "subject",
        "to",
    ]
    assert getaddresses(message.get_all("to", [])) == [("", "Ada@example.com")]
    assert getaddresses(message.get_all("from", [])) == [("Example", SENDER)]
    assert message["subject"] == f"Example: your code, reference {issued.body['reference']}"
    assert code_in(mail) not in str(message["subject"])
    assert message["auto-submitted"] == "auto-generated"
    parameters = stack.account.wire.calls[-2].parameters
    assert parameters["ConfigurationSetName"] == CONFIGURATION_SET


def test_the_text_and_the_html_carry_the_same_code(stack: Stack) -> None:
    _, code = stack.mailed()

    message = opened_mail(stack.account.mails()[0])
    html = message.get_body(("html",))
    assert html is not None
    assert code in re.sub(r"<[^>]*>|\s", "", html.get_content())


def test_a_batch_sends_each_mail_and_has_no_failures(stack: Stack) -> None:
    people = [f"person{number}@example.com" for number in range(5)]
    ids = [stack.issue(person).body["challenge_id"] for person in people]

    assert stack.deliver(*ids) == []
    assert [mail.recipients for mail in stack.account.mails()] == [(person,) for person in people]
    assert {delivery(stack, one) for one in ids} == {"sent"}


def test_a_redelivered_message_sends_nothing_more(stack: Stack) -> None:
    """A49."""
    challenge_id = stack.issue().body["challenge_id"]

    answers = [stack.deliver(challenge_id) for _ in range(5)]
    in_one_batch = stack.deliver(*[challenge_id] * 5)

    assert [*answers, in_one_batch] == [[]] * 6
    assert len(stack.account.mails()) == 1


def test_only_the_messages_that_failed_come_again(stack: Stack) -> None:
    """One bad dependency answer in a batch must not send its neighbours' mails twice."""
    ids = [stack.issue(f"person{number}@example.com").body["challenge_id"] for number in range(3)]
    second = faults.refused("TooManyRequestsException", status=429)

    def throttling_the_second(call: Call, forward: Forward) -> AWSResponse:
        to = call.parameters["Destination"]["ToAddresses"]
        return second(call, forward) if to == ["person1@example.com"] else forward()

    with stack.account.wire.failing("sesv2", throttling_the_second):
        failed = stack.deliver(*ids)

    assert failed == [ids[1]]
    assert [mail.recipients[0] for mail in stack.account.mails()] == ["person0@example.com", "person2@example.com"]
    assert [delivery(stack, one) for one in ids] == ["sent", "queued", "sent"]


def test_a_mail_whose_lease_is_held_comes_again(stack: Stack, clock: time_machine.Traveller) -> None:
    """A49: the first worker may still be sending; when its lease ends, it is dead."""
    challenge_id = stack.issue().body["challenge_id"]
    with stack.account.wire.failing("sesv2", faults.read_timeout):
        assert stack.deliver(challenge_id) == [challenge_id]

    clock.shift(LEASE - 0.001)
    held = stack.deliver(challenge_id)
    clock.shift(0.001)
    free = stack.deliver(challenge_id)

    assert held == [challenge_id]
    assert free == []
    assert len(stack.account.mails()) == 1


def test_a_crash_between_sending_and_recording_leads_to_the_same_code_again(
    stack: Stack, clock: time_machine.Traveller
) -> None:
    """A6, A49: five redeliveries whose answers are all lost, two mails at the most, one code."""
    challenge_id = stack.issue().body["challenge_id"]
    with stack.account.wire.failing("sesv2", faults.lost_response):
        for _ in range(5):
            stack.deliver(challenge_id)
            clock.shift(LEASE)

    assert stack.deliver(challenge_id) == []
    assert len(stack.account.mails()) == 2
    assert len({code_in(mail) for mail in stack.account.mails()}) == 1
    assert len({opened_mail(mail)["message-id"] for mail in stack.account.mails()}) == 1


@pytest.mark.parametrize("call", ["dynamodb.UpdateItem", "sesv2.SendEmail"])
@pytest.mark.parametrize("way", [faults.read_timeout, faults.throttled, faults.forbidden, faults.cut_off])
def test_a_mail_that_could_not_be_sent_stays_owed(
    stack: Stack, clock: time_machine.Traveller, call: str, way: Fault
) -> None:
    challenge_id = stack.issue().body["challenge_id"]
    with stack.account.wire.failing(call, way):
        assert stack.deliver(challenge_id) == [challenge_id]
    clock.shift(LEASE)

    assert stack.deliver(challenge_id) == []
    assert len(stack.account.mails()) == 1


def test_a_mail_needs_the_code_key(stack: Stack) -> None:
    challenge_id = stack.issue().body["challenge_id"]
    cold = Stack(stack.account)
    with stack.account.wire.failing("kms", faults.forbidden):
        assert cold.deliver(challenge_id) == [challenge_id]

    assert cold.deliver(challenge_id) == []


def test_a_mail_is_not_given_up_for_want_of_the_code_key(stack: Stack) -> None:
    """Nothing was handed over, so nothing may count as handed over, however long KMS is away."""
    challenge_id = stack.issue().body["challenge_id"]
    cold = Stack(stack.account)
    with stack.account.wire.failing("kms", faults.read_timeout):
        for _ in range(3):
            assert cold.deliver(challenge_id) == [challenge_id]

    assert cold.deliver(challenge_id) == []
    assert len(stack.account.mails()) == 1


def test_a_mail_that_ses_would_not_take_now_is_sent_at_the_next_try_without_waiting_for_a_lease(stack: Stack) -> None:
    challenge_id = stack.issue().body["challenge_id"]
    with stack.account.wire.failing("sesv2", faults.refused("TooManyRequestsException", status=429)):
        for _ in range(4):
            assert stack.deliver(challenge_id) == [challenge_id]

    assert stack.deliver(challenge_id) == []
    assert len(stack.account.mails()) == 1


def test_a_message_that_the_function_has_no_time_for_comes_again_untouched(stack: Stack) -> None:
    challenge_id = stack.issue().body["challenge_id"]
    before = stack.account.items()

    assert stack.deliver(challenge_id, remaining=9_999) == [challenge_id]
    assert stack.account.items() == before
    assert stack.deliver(challenge_id, remaining=10_000) == []


def test_a_message_that_crashes_is_heard_of_and_its_neighbours_are_sent(stack: Stack) -> None:
    ids = [stack.issue(f"person{number}@example.com").body["challenge_id"] for number in range(2)]
    item = next(item for item in stack.account.items(CHALLENGES) if item.get("email") == {"S": "person0@example.com"})
    stack.account.put(CHALLENGES, item | {"delivery": {"S": "by pigeon"}})

    assert stack.deliver(*ids) == [ids[0]]
    assert '"reason":"crashed","cause":"ValueError"' in stack.tape.getvalue()
    assert [mail.recipients for mail in stack.account.mails()] == [("person1@example.com",)]


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
def test_a_mail_that_ses_refuses_for_good_has_failed_and_is_dropped(
    stack: Stack, clock: time_machine.Traveller, code: str
) -> None:
    challenge_id = stack.issue().body["challenge_id"]
    with stack.account.wire.failing("sesv2", faults.refused(code)):
        dropped = stack.deliver(challenge_id)

    assert dropped == []
    assert delivery(stack, challenge_id) == "failed"
    clock.shift(30)
    stack.post(RESEND, {"challenge_id": challenge_id})
    assert delivery(stack, challenge_id) == "queued"
    stack.deliver(challenge_id)
    assert delivery(stack, challenge_id) == "sent"


def test_what_is_over_is_never_mailed(stack: Stack, clock: time_machine.Traveller) -> None:
    """A49: cancelled, consumed, exhausted; the code would be of no use."""
    cancelled = stack.issue("a@example.com").body["challenge_id"]
    stack.post(CANCEL, {"challenge_id": cancelled})
    consumed, code = stack.mailed(email="b@example.com")
    exhausted, other = stack.mailed(email="c@example.com")
    clock.shift(30)
    for one in (consumed, exhausted):
        stack.post(RESEND, {"challenge_id": one})
    stack.verify(consumed, code)
    for nth in range(1, 6):
        stack.verify(exhausted, wrong(other, nth))
    before = len(stack.account.mails())

    assert stack.deliver(cancelled, consumed, exhausted) == []
    assert len(stack.account.mails()) == before


@pytest.mark.parametrize(("seconds", "mails"), [(299.999, 1), (300, 0), (3600, 0), (30 * 3600, 0)])
def test_what_has_expired_is_never_mailed(
    stack: Stack, clock: time_machine.Traveller, seconds: float, mails: int
) -> None:
    """A49."""
    challenge_id = stack.issue().body["challenge_id"]
    clock.shift(seconds)

    assert stack.deliver(challenge_id) == []
    assert len(stack.account.mails()) == mails


GARBAGE = ["", " ", "not a challenge id", "{}", '{"challenge_id": "x"}', "é" * 40, "A" * 500, "\x00", "AQYA="]


def test_garbage_is_dropped(stack: Stack) -> None:
    """A message that no retry can help would only come back until it is dead."""
    with stack.account.wire.watched() as calls:
        assert stack.deliver(*GARBAGE) == []

    assert calls == []
    assert stack.account.mails() == []


def test_garbage_beside_a_mail_does_not_hinder_it(stack: Stack) -> None:
    challenge_id = stack.issue().body["challenge_id"]

    assert stack.deliver(GARBAGE[2], challenge_id, GARBAGE[6]) == []
    assert len(stack.account.mails()) == 1


def test_an_id_that_was_never_issued_is_dropped(stack: Stack) -> None:
    challenge_id = stack.issue().body["challenge_id"]
    stack.account.clear()

    assert stack.deliver(challenge_id) == []
    assert stack.account.mails() == []


def test_mail_goes_to_the_address_of_the_challenge_whatever_the_message_says(stack: Stack) -> None:
    """A21: a queue that somebody else can write to redirects nothing."""
    challenge_id = stack.issue().body["challenge_id"]
    event = batch(challenge_id)
    event["Records"][0]["messageAttributes"] = {"email": {"stringValue": "eve@example.com", "dataType": "String"}}

    stack.invoke("deliver", event)

    assert [mail.recipients for mail in stack.account.mails()] == [("ada@example.com",)]


def test_a_challenge_that_no_mail_can_be_made_of_comes_again_and_harms_no_other(account: Account, stack: Stack) -> None:
    """Whoever can write the table can spoil a challenge; its message ends in the dead-letter queue, which alarms."""
    spoilt, fine = (stack.issue(f"{name}@example.com").body["challenge_id"] for name in ("spoilt", "fine"))
    item = next(item for item in account.items(CHALLENGES) if item.get("email") == {"S": "spoilt@example.com"})
    account.put(CHALLENGES, item | {"email": {"S": "spoilt@example.com\r\nBcc: eve@example.com"}})

    failed = stack.deliver(spoilt, fine)

    assert failed == [spoilt]
    assert [mail.recipients for mail in account.mails()] == [("fine@example.com",)]
