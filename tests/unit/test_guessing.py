"""Any series of guesses, resends and repeats: never more than the limit, never two successes."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from otpost.challenge import Verdict
from otpost.verifying import Accepted, Refused
from tests.contract.samples import NOW
from tests.unit.world import World


def verdict(answer: Accepted | Refused) -> Verdict:
    return Verdict.ACCEPTED if isinstance(answer, Accepted) else answer.verdict


STEPS = st.lists(
    st.tuples(st.sampled_from(["wrong", "right", "resend", "keyed"]), st.integers(0, 40)), min_size=1, max_size=25
)


@given(STEPS)
def test_no_series_of_steps_reveals_more_guesses_than_allowed_or_succeeds_twice(steps: list[tuple[str, int]]) -> None:
    """A1, A10: whatever is guessed, sent again or repeated in between."""
    world = World()
    issued = world.issued()
    after, revealed, successes = timedelta(), set[str](), 0
    for number, (step, pause) in enumerate(steps):
        after += timedelta(seconds=pause)
        if step == "resend":
            world.issuing.resend(issued.challenge_id, source_ip=None, now=NOW + after)
            continue
        code = world.code(issued) if step == "right" else world.wrong_code(issued, 7 if step == "keyed" else number)
        key = "k" * 16 if step == "keyed" else None
        answer = world.guess(issued, code, after=after, idempotency_key=key)
        if verdict(answer) in (Verdict.ACCEPTED, Verdict.WRONG_CODE):
            revealed.add(code.digits)
        successes += isinstance(answer, Accepted)

    assert len(revealed) <= 5
    assert successes <= 1
    assert len(world.standing(issued.challenge.key).tries) <= 5
    assert successes == 0 or world.failures() == 0
