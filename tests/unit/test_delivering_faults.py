"""Deliver while something does not answer: what may not have gone out stays owed."""

from datetime import timedelta

import pytest

from otpost.delivering import Delivered
from otpost.errors import Unavailable
from otpost.issuing import Issued
from tests.contract.samples import NOW
from tests.unit.mails import parsed, text_of
from tests.unit.world import LEASE, World


def deliver(world: World, issued: Issued, *, after: timedelta = timedelta()) -> Delivered:
    return world.delivering.deliver(issued.challenge_id.token, now=NOW + after)


def mailed_codes(world: World) -> list[str]:
    return [text_of(parsed(mail.mime)).split()[0] for mail in world.mailer.sent]


def test_a_crash_between_sending_and_recording_leads_to_a_second_mail_with_the_same_code(world: World) -> None:
    """A49: at least once; a duplicate is harmless and can be recognized."""
    issued = world.issued()
    world.challenges.line.cut.add("record_sent")
    with pytest.raises(Unavailable):
        deliver(world, issued)
    world.challenges.line.cut.clear()

    assert deliver(world, issued, after=timedelta(seconds=1)) is Delivered.HELD
    assert deliver(world, issued, after=LEASE) is Delivered.SENT

    assert mailed_codes(world) == [world.code(issued).digits] * 2
    first, second = (parsed(mail.mime) for mail in world.mailer.sent)
    assert first["Message-ID"] == second["Message-ID"]
    assert world.standing(issued.challenge.key).mails_sent == 1


@pytest.mark.parametrize("way", ["cut", "lossy"])
def test_a_mail_that_may_not_have_gone_out_stays_owed(world: World, way: str) -> None:
    """A57."""
    issued = world.issued()
    getattr(world.mailer.line, way).add("send")
    with pytest.raises(Unavailable):
        deliver(world, issued)
    getattr(world.mailer.line, way).clear()
    assert world.standing(issued.challenge.key).mail_owed

    assert deliver(world, issued, after=LEASE) is Delivered.SENT

    assert len(world.mailer.sent) == (1 if way == "cut" else 2)


@pytest.mark.parametrize("way", ["cut", "lossy"])
def test_without_the_table_nothing_is_sent(world: World, way: str) -> None:
    """A57: nobody sends without knowing to have the lease."""
    issued = world.issued()
    getattr(world.challenges.line, way).add("lease_mail")

    with pytest.raises(Unavailable):
        deliver(world, issued)

    assert world.mailer.sent == []


def test_without_the_code_key_nothing_is_sent(world: World) -> None:
    """A57."""
    issued = world.issued()
    world.code_keys.line.cut.add("hour_key")

    with pytest.raises(Unavailable):
        deliver(world, issued)

    assert world.mailer.sent == []
    assert world.standing(issued.challenge.key).mail_owed
