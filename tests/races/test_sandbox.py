"""The whole product on the engine: the sandbox with OTPOST_DYNAMODB=local, by HTTP."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.e2e.leaks import Told
from tests.e2e.stories import Story, fresh_address, fresh_key, together, wrong
from tests.sandboxes import Sandbox, running_sandbox

PARALLEL = 64


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One sandbox; it reads OTPOST_DYNAMODB as the races do."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def story(sandbox: Sandbox) -> Story:
    return Story(sandbox=sandbox, told=Told())


def state(story: Story) -> dict[str, object]:
    return story.sandbox.client.send("GET", "/_sandbox/state").members


def test_it_says_which_engine_keeps_its_tables(story: Story) -> None:
    found = state(story)

    assert isinstance(found["dynamodb"], dict)
    assert str(found["dynamodb"]["engine"]).startswith("DynamoDB Local 3.")
    assert found["dynamodb"]["url"] != found["backends_url"]


def test_of_64_parallel_right_guesses_one_is_accepted(story: Story) -> None:
    """A3."""
    email = fresh_address()
    challenge_id = story.issued(email)
    code = story.code(email)

    answers = together(lambda _: story.verify(challenge_id, code), PARALLEL)

    assert Counter(answer.status for answer in answers) == {200: 1, 410: PARALLEL - 1}
    assert story.status(challenge_id).text("verdict") == "accepted"


def test_of_64_parallel_wrong_guesses_five_are_judged(story: Story) -> None:
    """A3."""
    email = fresh_address()
    challenge_id = story.issued(email)
    code = story.code(email)

    answers = together(lambda number: story.verify(challenge_id, wrong(code, number + 1)), PARALLEL)

    assert Counter(answer.status for answer in answers) == {401: 5, 410: PARALLEL - 5}


def test_a_lost_success_is_fetched_again_and_the_code_is_mailed_again(story: Story) -> None:
    """A49."""
    email, key = fresh_address(), fresh_key()
    challenge_id = story.issued(email)
    first = story.code(email)
    story.advance(31)
    assert story.sandbox.client.act("resend", challenge_id).status == 202
    assert story.code(email, count=2) == first

    receipts = [story.verify(challenge_id, first, key=key) for _ in range(2)]

    assert [answer.status for answer in receipts] == [200, 200]


def test_a_reset_empties_its_tables(story: Story) -> None:
    email = fresh_address()
    challenge_id = story.issued(email)
    assert story.issue(email).status == 429

    story.sandbox.client.post("/_sandbox/reset", {})

    assert story.status(challenge_id).text("code") == "unknown_challenge"
    assert story.issue(email).status == 202
