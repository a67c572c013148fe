"""What is in the tables and in the queue: nothing from which a code can be computed (A14, A16, A17)."""

import hashlib
import json
import re

from tests.functional.events import IAM
from tests.functional.stack import ISSUE, Stack, code_in, opened_mail
from tests.functional.story import CLIENT, Story, codes_in, leaves


def test_at_rest_there_is_no_code_no_receipt_and_no_challenge_id(story: Story) -> None:
    """A14, A15, A17: every stored value against every code, plain or hashed."""
    stored = [*leaves(story.items)]
    texts = [
        value if isinstance(value, str) else value.hex() if isinstance(value, bytes) else repr(value)
        for value in stored
    ]
    digests = {hashlib.sha256(code.encode()).hexdigest() for code in story.codes}

    assert len(story.codes) > 10
    assert [text for text in texts if codes_in(text, story.codes)] == []
    assert [text for text in texts if any(digest in text.lower() for digest in digests)] == []
    receipts_and_ids = {secret for secret in story.secrets if len(secret) > 30}
    assert [text for text in texts if any(secret in text for secret in receipts_and_ids)] == []


def test_the_search_finds_codes_where_they_are(story: Story) -> None:
    """In the mails: otherwise the searches here would prove nothing."""
    for mail in story.mails:
        part = opened_mail(mail).get_body(("plain",))
        assert part is not None
        assert codes_in(part.get_content(), story.codes) == [code_in(mail)]


def test_no_hash_of_any_six_digit_code_is_at_rest(stack: Stack) -> None:
    """A14: all million of them, in hexadecimal, also as a part of a key."""
    stack.mailed()
    stack.mailed(email="eve@example.com")
    at_rest = {value.lower() for value in leaves(stack.account.items()) if isinstance(value, str)}
    at_rest |= {part for value in at_rest for part in value.split("#")}

    digests = {hashlib.sha256(b"%06d" % number).hexdigest() for number in range(10**6)}

    assert digests & at_rest == set()


def test_an_address_is_in_its_own_challenge_only(stack: Stack) -> None:
    """A14, A16."""
    stack.mailed(email="ada@example.com")

    holders = [
        (item["pk"]["S"].partition("#")[0], name)
        for item in stack.account.items()
        for name, value in item.items()
        if any("ada@" in str(leaf) for leaf in leaves(value))
    ]

    assert holders == [("challenge", "email")]


def test_the_queue_holds_ids_that_are_useless_without_the_code_key(story: Story) -> None:
    """A16."""
    assert story.queued
    assert all(re.fullmatch("[A-Za-z0-9_-]{40,60}", body) for body in story.queued)
    assert codes_in(" ".join(story.queued), story.codes) == []


def test_what_a_backend_says_of_its_client_is_nowhere(backend: Stack) -> None:
    """A15."""
    members = {"email": "ada@example.com", "purpose": "sign_in", "client": CLIENT}
    backend.post(ISSUE, members, iam=IAM)

    everything = backend.tape.getvalue() + json.dumps(backend.account.items(), default=repr)
    assert not [said for said in [*CLIENT.values(), *map(str, IAM.values())] if said in everything]
