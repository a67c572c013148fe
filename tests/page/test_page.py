"""The sandbox's inbox page in a real browser."""

import select
import socket
from collections.abc import Iterator

import pytest

from tests.cli.fake_server import served
from tests.cli.fake_stack import FakeStack
from tests.page.conftest import BrowserCheck


@pytest.fixture
def fake() -> FakeStack:
    return FakeStack()


@pytest.fixture
def fake_url(fake: FakeStack) -> Iterator[str]:
    with served(fake) as url:
        yield url


def test_a_person_can_follow_a_code_from_asking_to_its_last_refusal(check_page: BrowserCheck, sandbox_url: str) -> None:
    assert "as promised" in check_page("story.mjs", sandbox_url)


def test_the_page_is_accessible_in_light_and_dark_wide_and_narrow(check_page: BrowserCheck, sandbox_url: str) -> None:
    assert "no violations" in check_page("accessible.mjs", sandbox_url)


def test_the_fake_stack_tells_the_same_story(check_page: BrowserCheck, fake_url: str) -> None:
    """So that the tests below, which need mails and faults that a real stack does not make, mean something."""
    assert "as promised" in check_page("story.mjs", fake_url)


def test_a_hostile_mail_stays_text(check_page: BrowserCheck, fake: FakeStack, fake_url: str) -> None:
    tracker = socket.create_server(("127.0.0.1", 0))
    pixel = f"http://127.0.0.1:{tracker.getsockname()[1]}/pixel"
    attack = f"<script>parent.document.title='owned';alert(3)</script><img src='{pixel}' onerror='alert(4)'>"
    fake.messages.insert(0, {
        "id": "1", "to": "<b>ada</b>@example.com", "subject": "<img src=x onerror=alert(1)>",
        "text": "<script>alert(2)</script> 123456 is your code",
        "html": f"<p>Hello</p>{attack}<meta http-equiv=refresh content='0;url=//x'>",
        "headers": {"From": "<i>x</i>"}, "received_at": "2026-11-24T12:00:00Z",
    })  # fmt: skip

    with tracker:
        assert "harmless" in check_page("hostile.mjs", fake_url)
        assert select.select([tracker], [], [], 0)[0] == []  # nobody has asked for the pixel


def test_the_page_stays_fresh_without_the_event_stream(check_page: BrowserCheck, fake_url: str) -> None:
    assert "still fresh" in check_page("unstreamed.mjs", fake_url)
