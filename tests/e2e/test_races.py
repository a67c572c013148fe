"""Races against the running sandbox. Its DynamoDB is a serialised moto: this shows that the stack has no window of its
own, and is no proof about the real engine."""

import pytest

from tests.e2e.stories import Story, fresh_address, together, wrong

ROUNDS, PARALLEL = 25, 64


def test_of_64_parallel_right_guesses_exactly_one_is_accepted_in_each_of_25_rounds(story: Story) -> None:
    """A3."""
    for _ in range(ROUNDS):
        email = fresh_address()
        challenge_id = story.issued(email)
        code = story.code(email)
        answers = together(lambda _, c=code, i=challenge_id: story.verify(i, c), PARALLEL)

        statuses = [answer.status for answer in answers]
        assert statuses.count(200) == 1
        assert statuses.count(410) == PARALLEL - 1


@pytest.mark.parametrize("round_", range(3))
def test_of_64_parallel_wrong_guesses_at_most_five_are_judged(story: Story, round_: int) -> None:
    """A3."""
    email = fresh_address()
    challenge_id = story.issued(email)
    code = story.code(email)
    answers = together(lambda guess: story.verify(challenge_id, wrong(code, guess + 1)), PARALLEL)
    right = story.verify(challenge_id, code)

    statuses = [answer.status for answer in answers]
    assert statuses.count(401) == 5
    assert statuses.count(410) == PARALLEL - 5
    assert right.text("code") == "challenge_exhausted"


def test_parallel_issues_with_one_key_make_one_challenge_and_one_mail(story: Story) -> None:
    """A49."""
    email, key = fresh_address(), "the-same-key-for-all-of-them"
    answers = together(lambda _: story.issue(email, key=key), 16)

    assert {answer.status for answer in answers} == {202}
    assert len({answer.text("challenge_id") for answer in answers}) == 1
    assert len(story.mails(email)) == 1


def test_parallel_issues_to_one_address_send_one_mail(story: Story) -> None:
    """A6."""
    email = fresh_address()
    answers = together(lambda _: story.issue(email), 16)

    assert sorted(answer.status for answer in answers) == [202] + [429] * 15
    assert len(story.mails(email)) == 1
