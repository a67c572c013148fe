"""`otpost demo` against a stack in memory: it tells the story, and it notices a broken promise."""

import json

import pytest

from tests.cli.conftest import Otpost
from tests.cli.fake_stack import FakeStack, Refusal


def test_every_step_passes_on_a_stack_that_keeps_its_promises(otpost: Otpost, url: str) -> None:
    result = otpost("demo", "--url", url)

    assert result.exit_code == 0, result.output
    assert "11 of 11 steps as promised" in result.stdout
    assert "✘" not in result.stdout


def test_as_json_the_steps_are_data(otpost: Otpost, url: str) -> None:
    steps = json.loads(otpost("demo", "--url", url, "--json").stdout)

    assert len(steps) == 11
    assert all(step["passed"] for step in steps)


class UsableTwice(FakeStack):
    def verify(self, body: dict[str, object], key: str | None) -> dict[str, object]:
        answer = super().verify(body, key)
        self.challenges[str(body["challenge_id"])].consumed_by = None
        return answer


class NewCodeOnResend(FakeStack):
    def resend(self, body: dict[str, object], key: str | None) -> dict[str, object]:
        challenge = self.challenges[str(body["challenge_id"])]
        challenge.digits = f"{(int(challenge.digits) + 1) % 10**6:06d}"
        return super().resend(body, key)


class NeverExpires(FakeStack):
    def verify(self, body: dict[str, object], key: str | None) -> dict[str, object]:
        challenge = self.challenges[str(body["challenge_id"])]
        challenge.expires_at = max(challenge.expires_at, self.now().replace(year=2999))
        return super().verify(body, key)


class CountsNonsense(FakeStack):
    def verify(self, body: dict[str, object], key: str | None) -> dict[str, object]:
        try:
            return super().verify(body, key)
        except Refusal as refusal:
            if refusal.status == 400:
                self.challenges[str(body["challenge_id"])].tries.add(repr(body["code"]))
            raise


@pytest.mark.parametrize(
    ("stack", "step"),
    [
        (UsableTwice(), "Use the code again"),
        (NewCodeOnResend(), "Send again"),
        (NeverExpires(), "Wait too long"),
        (CountsNonsense(), "Enter nonsense"),
    ],
    ids=["usable twice", "new code on resend", "never expires", "counts nonsense"],
)
def test_a_broken_promise_stops_the_story_and_says_what_came(
    otpost: Otpost, url: str, stack: FakeStack, step: str
) -> None:
    result = otpost("demo", "--url", url, "--json")

    steps = json.loads(result.stdout)
    assert result.exit_code == 1
    assert steps[-1]["step"] == step
    assert not steps[-1]["passed"]
    assert steps[-1]["expected"] != steps[-1]["came"]
