"""Where codes are read: over HTTP, over IMAP, or from a person's lips."""

import imaplib
import re
from dataclasses import replace

import pytest

from otpost_tools.torture.adapter import CodeForm, InboxForm
from otpost_tools.torture.errors import CannotMeasureError, RefusedTargetError
from otpost_tools.torture.imap import ImapInbox, from_environment
from otpost_tools.torture.inboxes import HttpInbox, ManualInbox
from tests.torture.conftest import Torture
from tests.torture.mailbox import Mailbox, mailbox
from tests.torture.products import Server, served, url_of

CODE = CodeForm(pattern=re.compile(r"^([0-9]{6})$", re.MULTILINE), alphabet="0123456789")
FORM = InboxForm(url=None, messages="", text="text", newest_first=True)


def over_http(server: Server, url: str = "{url}/mails?to={email}", form: InboxForm = FORM) -> HttpInbox:
    return HttpInbox(url=url, base_url=url_of(server), form=form, code_form=CODE, seconds=0.2)


def over_imap(server: Mailbox, folder: str = "INBOX") -> ImapInbox:
    def connect() -> imaplib.IMAP4:
        session = imaplib.IMAP4("127.0.0.1", int(server.server_address[1]), timeout=5)
        session.login("someone", "secret")
        return session

    return ImapInbox(connect=connect, folder=folder, code_form=CODE, seconds=0.2)


def test_over_http_the_newest_code_of_the_very_address_is_read() -> None:
    with served() as server:
        server.verifier.mails = [("b+x@h", "222222"), ("a@h", "111111"), ("b+x@h", "000000")]

        assert over_http(server).mails("b+x@h") == 2
        assert over_http(server).code("b+x@h", after=1) == "222222"
        assert over_http(server, form=replace(FORM, newest_first=False)).code(
            "b+x@h", after=0
        ) == "000000"  # fmt: skip


def test_over_http_a_mail_that_does_not_come_is_told() -> None:
    with served() as server:
        server.verifier.mails = [("a@h", "111111")]

        with pytest.raises(CannotMeasureError, match="no mail to a@h came"):
            over_http(server).code("a@h", after=1)


@pytest.mark.parametrize(
    ("url", "form", "reason"),
    [
        ("{url}/mails?to={email}", replace(FORM, messages="x"), "no list of mails"),
        ("{url}/mails?to={email}", replace(FORM, text="body"), "code.pattern"),
        ("http://127.0.0.1:1/{email}", FORM, "does not answer"),
    ],
)
def test_over_http_what_is_no_inbox_is_told(url: str, form: InboxForm, reason: str) -> None:
    with served() as server:
        server.verifier.mails = [("a@h", "111111")]

        with pytest.raises(CannotMeasureError, match=reason):
            over_http(server, url, form).code("a@h", after=0)


@pytest.mark.parametrize("inbox", ["ftp://h/{email}", "http://127.0.0.1:9/mails", "nonsense"])
def test_an_inbox_that_is_none_is_wrong_usage(torture: Torture, inbox: str) -> None:
    with served() as server:
        assert torture(url_of(server), "--inbox", inbox).code == 2


def test_over_imap_the_newest_code_of_the_very_address_is_read() -> None:
    with mailbox() as server:
        server.deliver("a@h", "Your code:\n111111\n")
        server.deliver("b@h", "Your code:\n222222\n")
        server.deliver("a@h", "Your code:\n333333\n")

        assert over_imap(server).mails("a@h") == 2
        assert over_imap(server).code("a@h", after=1) == "333333"


def test_over_imap_a_mail_that_does_not_come_is_told() -> None:
    with mailbox() as server, pytest.raises(CannotMeasureError, match="no mail to a@h came"):
        over_imap(server).code("a@h", after=0)


def test_over_imap_a_folder_that_is_not_there_is_told() -> None:
    with mailbox() as server, pytest.raises(CannotMeasureError, match="no folder Nowhere"):
        over_imap(server, "Nowhere").mails("a@h")


@pytest.mark.parametrize("missing", ["HOST", "USER", "PASSWORD"])
def test_imap_says_which_variable_it_needs(missing: str) -> None:
    environment = {f"OTPOST_IMAP_{name}": "x" for name in ("HOST", "USER", "PASSWORD") if name != missing}

    with pytest.raises(RefusedTargetError, match=f"OTPOST_IMAP_{missing}"):
        from_environment(environment, CODE)


def test_a_person_is_asked_until_they_type_something() -> None:
    lines = iter(["", "  ", " 123456 "])
    asked = list[str]()
    inbox = ManualInbox(ask=lambda question: asked.append(question) or next(lines))

    assert inbox.code("a@h", after=inbox.mails("a@h")) == "123456"
    assert asked == ["Code in the newest mail to a@h"] * 3


def test_over_imap_a_mailbox_that_does_not_answer_is_told() -> None:
    with mailbox() as server:
        gone = over_imap(server)

    with pytest.raises(CannotMeasureError, match="does not answer"):
        gone.mails("a@h")
