"""Deliver what is owed: once if all goes well, again after a crash, never too late."""

from dataclasses import replace
from datetime import timedelta

import pytest

from otpost.challenge import Delivery
from otpost.delivering import Delivered
from otpost.errors import Unavailable
from otpost.issuing import Issued
from tests.contract.samples import MILLISECOND, NOW
from tests.unit.mails import parsed, text_of
from tests.unit.world import LEASE, World

LIFE = timedelta(seconds=300)


def deliver(world: World, issued: Issued, *, after: timedelta = timedelta()) -> Delivered:
    return world.delivering.deliver(issued.challenge_id.token, now=NOW + after)


def resend(world: World, issued: Issued, *, after: timedelta = timedelta(seconds=30)) -> None:
    assert isinstance(world.issuing.resend(issued.challenge_id, source_ip=None, now=NOW + after), Issued)


def mailed_codes(world: World) -> list[str]:
    return [text_of(parsed(mail.mime)).split()[0] for mail in world.mailer.sent]


def test_the_mail_that_is_owed_goes_to_the_address_on_the_challenge(world: World) -> None:
    """A21."""
    issued = world.issued(email="Ada@example.com")

    assert deliver(world, issued) is Delivered.SENT

    (mail,) = world.mailer.sent
    assert (mail.to, mail.key) == ("Ada@example.com", issued.challenge.key)
    assert parsed(mail.mime)["To"] == "Ada@example.com"
    standing = world.standing(issued.challenge.key)
    assert standing == replace(issued.challenge, mails_sent=1, delivery=Delivery.SENT)


def test_the_mailed_code_is_accepted(world: World) -> None:
    issued = world.issued()
    deliver(world, issued)

    (digits,) = mailed_codes(world)

    assert digits == world.code(issued).digits


def test_five_redeliveries_of_one_message_send_one_mail(world: World) -> None:
    """A49."""
    issued = world.issued()

    said = [deliver(world, issued, after=timedelta(seconds=number)) for number in range(6)]

    assert said == [Delivered.SENT] + [Delivered.NOTHING_TO_DO] * 5
    assert len(world.mailer.sent) == 1


def test_while_one_worker_sends_another_waits(world: World) -> None:
    """A49."""
    issued = world.issued()
    world.challenges.lease_mail(issued.challenge.key, lease_id=b"lease", until=NOW + LEASE, now=NOW)

    assert deliver(world, issued) is Delivered.HELD
    assert deliver(world, issued, after=LEASE - MILLISECOND) is Delivered.HELD
    assert world.mailer.sent == []
    assert deliver(world, issued, after=LEASE) is Delivered.SENT


def test_a_mail_refused_for_good_is_recorded_and_not_tried_again(world: World) -> None:
    issued = world.issued()
    world.mailer.refused.add("ada@example.com")

    assert deliver(world, issued) is Delivered.REJECTED
    assert deliver(world, issued) is Delivered.NOTHING_TO_DO

    assert world.mailer.sent == []
    assert world.standing(issued.challenge.key).delivery is Delivery.FAILED


def test_a_mail_is_sent_until_the_last_instant_of_the_code(world: World) -> None:
    in_time, too_late = world.issued(email="a@example.com"), world.issued(email="b@example.com")

    assert deliver(world, in_time, after=LIFE - MILLISECOND) is Delivered.SENT
    assert deliver(world, too_late, after=LIFE) is Delivered.NOTHING_TO_DO
    assert len(world.mailer.sent) == 1


def test_what_is_over_is_never_mailed(world: World) -> None:
    """A49."""
    consumed = world.issued(email="a@example.com")
    world.accepted(consumed)
    cancelled = world.issued(email="b@example.com")
    world.challenges.cancel(cancelled.challenge.key, now=NOW)
    exhausted = world.issued(email="c@example.com")
    for number in range(5):
        world.guess(exhausted, world.wrong_code(exhausted, number))
    before = world.state()

    assert [deliver(world, each) for each in (consumed, cancelled, exhausted)] == [Delivered.NOTHING_TO_DO] * 3
    assert world.state() == before


def test_a_resend_is_one_more_mail_with_the_same_code_and_the_new_expiry(world: World) -> None:
    """A49."""
    issued = world.issued()
    deliver(world, issued)
    resend(world, issued)

    assert deliver(world, issued, after=timedelta(seconds=30)) is Delivered.SENT

    assert mailed_codes(world) == [world.code(issued).digits] * 2
    first, second = (parsed(mail.mime) for mail in world.mailer.sent)
    assert first["Message-ID"] != second["Message-ID"]
    assert "until 09:35:00 UTC" in text_of(first)
    assert "until 09:35:30 UTC" in text_of(second)


def test_a_resend_before_the_first_mail_went_out_is_one_mail(world: World) -> None:
    issued = world.issued()
    resend(world, issued)

    said = [deliver(world, issued, after=timedelta(seconds=30)) for _ in range(2)]

    assert said == [Delivered.SENT, Delivered.NOTHING_TO_DO]
    assert len(world.mailer.sent) == 1


@pytest.mark.parametrize("token", ["", "x", "A" * 47, "é", '{"challenge_id": "x"}', "0" * 4000])
def test_what_is_no_id_is_dropped(world: World, token: str) -> None:
    """A40: whoever can write into the queue cannot make it fail."""
    before = world.state()

    assert world.delivering.deliver(token, now=NOW) is Delivered.UNKNOWN
    assert world.state() == before


def test_an_id_that_no_challenge_has_is_dropped(world: World) -> None:
    stranger = World().issued()
    before = world.state()

    assert deliver(world, stranger) is Delivered.NOTHING_TO_DO
    assert world.state() == before


def test_an_id_of_another_region_or_day_is_dropped(world: World) -> None:
    """A47."""
    issued = world.issued()
    elsewhere = replace(world.delivering, region="eu-west-1")

    assert elsewhere.deliver(issued.challenge_id.token, now=NOW) is Delivered.UNKNOWN
    assert deliver(world, issued, after=timedelta(hours=26)) is Delivered.UNKNOWN
    assert world.mailer.sent == []


def test_a_code_is_mailed_for_the_purpose_and_transaction_on_the_challenge(world: World) -> None:
    """A23, A24."""
    issued = world.issued(purpose="transaction", transaction={"payee": "Ünal & Söhne"})
    deliver(world, issued)

    (digits,) = mailed_codes(world)

    assert digits == world.code(issued).digits
    assert "payee: Ünal & Söhne" in text_of(parsed(world.mailer.sent[0].mime))


def test_a_mail_that_the_transport_defers_stays_owed_and_free(world: World) -> None:
    issued = world.issued()
    world.mailer.busy = True
    said = [deliver(world, issued) for _ in range(3)]
    world.mailer.busy = False

    assert said == [Delivered.DEFERRED] * 3
    assert deliver(world, issued) is Delivered.SENT


def test_a_mail_is_given_up_after_two_sendings_that_nobody_knows_of(world: World) -> None:
    """A49."""
    issued = world.issued()
    world.mailer.line.lossy.add("send")
    for number in range(2):
        with pytest.raises(Unavailable):
            deliver(world, issued, after=LEASE * number)
    world.mailer.line.lossy.clear()

    assert deliver(world, issued, after=LEASE * 2) is Delivered.GIVEN_UP
    assert len(world.mailer.sent) == 2


@pytest.mark.parametrize("said", Delivered)
def test_only_what_is_held_or_deferred_is_looked_at_again(said: Delivered) -> None:
    assert said.unfinished == (said in {Delivered.HELD, Delivered.DEFERRED})
