"""The same worlds, with hypothesis choosing the moves and shrinking what breaks a law."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.simulation.laws.law import Broken
from tests.simulation.mutants import MUTANTS
from tests.simulation.plan import drawn
from tests.simulation.post import CANCEL, ISSUE, RESEND, STATUS, VERIFY, Post
from tests.simulation.region import GENUINE
from tests.simulation.rest import come_to_rest
from tests.simulation.stage import stage
from tests.simulation.step import Fate, fates
from tests.simulation.world import World

REGION = "eu-central-1"
_KEYS = (None, "key-of-the-first-one", "key-of-the-second-one")
_EMAILS = ("ada@example.com", "Ada+x@example.com")
_which = st.integers(0, 5)
_WAITS = st.sampled_from((0.05, 1, 16, 30, 91, 300, 3600))


class Machine(RuleBasedStateMachine):
    """Every rule is one move of a world; the laws are checked within."""

    build = GENUINE
    world: World

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self._tokens: list[str] = []
        self._right: list[Post] = []

    @initialize(seed=st.sampled_from(("1", "2", "3", "4", "5", "6")))
    def begin(self, seed: str) -> None:
        """Draw the terms of a world: the policy and the hour."""
        self.world = World(self._stack.enter_context(stage()), drawn(seed), self.build)

    def teardown(self) -> None:
        """Come to rest: what was promised must be kept by now."""
        try:
            if hasattr(self, "world"):
                come_to_rest(self.world, self._right)
        finally:
            self._stack.close()

    @rule(email=st.sampled_from(_EMAILS), key=st.sampled_from(_KEYS))
    def ask(self, email: str, key: str | None) -> None:
        """Ask for a challenge."""
        members = {"email": email, "purpose": "sign_in"}
        self.world.ask(Post(region=REGION, route=ISSUE, members=members, key=key))

    @precondition(lambda self: self._tokens)
    @rule(which=_which, off=st.sampled_from((0, 0, 1, 2)), key=st.sampled_from(_KEYS))
    def guess(self, which: int, off: int, key: str | None) -> None:
        """Present the right code, or one that is *off*."""
        token = self._tokens[which % len(self._tokens)]
        code = self.world.code(token) or "000000"
        typed = f"{(int(code) + off) % 10 ** len(code):0{len(code)}d}"
        members = {"challenge_id": token, "code": typed, "purpose": "sign_in"}
        post = Post(region=REGION, route=VERIFY, members=members, key=key)
        self._right += [] if off else [post]
        self.world.ask(post)

    @precondition(lambda self: self._tokens)
    @rule(which=_which, route=st.sampled_from((CANCEL, RESEND, STATUS)))
    def name(self, which: int, route: str) -> None:
        """Cancel, resend, ask for the status."""
        token = self._tokens[which % len(self._tokens)]
        self.world.ask(Post(region=REGION, route=route, members={"challenge_id": token}))

    @precondition(lambda self: self.world.running())
    @rule(which=_which, fate=st.sampled_from(Fate))
    def step(self, which: int, fate: Fate) -> None:
        """Let one invocation take its step, with a fate that it can have."""
        running = self.world.running()
        invocation = running[which % len(running)]
        assert invocation.pending is not None
        self.world.take(invocation, fate if fate in fates(invocation.pending) else Fate.DONE)

    @precondition(lambda self: self.world.running())
    @rule(which=_which)
    def go_through(self, which: int) -> None:
        """Let one invocation run to its end."""
        running = self.world.running()
        invocation = running[which % len(running)]
        while invocation.running:
            self.world.take(invocation)

    @precondition(lambda self: self.world.running())
    @rule(which=_which)
    def crash(self, which: int) -> None:
        """End one invocation between two steps."""
        running = self.world.running()
        self.world.crash(running[which % len(running)])

    @precondition(lambda self: any(call.over for call in self.world.calls))
    @rule()
    def hear(self) -> None:
        """Let a client hear its answer."""
        call = next(call for call in self.world.calls if call.over)
        reply = self.world.answer(call)
        if reply is not None and "challenge_id" in reply.body:
            self._tokens.append(reply.body["challenge_id"])

    @precondition(lambda self: self.world.regions[REGION].queue.messages)
    @rule(hidden=st.booleans())
    def receive(self, hidden: bool) -> None:  # noqa: FBT001
        """Let deliver receive what is in the queue, perhaps a second time."""
        queue = self.world.regions[REGION].queue
        if messages := queue.visible() + (queue.hidden() if hidden else []):
            self.world.receive(REGION, messages[:5])

    @precondition(lambda self: any(not batch.invocation.running for batch in self.world.batches))
    @rule(lost=st.booleans())
    def settle(self, lost: bool) -> None:  # noqa: FBT001
        """Let the queue hear what a batch came to, or not."""
        self.world.settle(next(one for one in self.world.batches if not one.invocation.running), lost=lost)

    @precondition(lambda self: self.world.late)
    @rule()
    def land(self) -> None:
        """Let a late step arrive."""
        self.world.land(self.world.late[0])

    @rule(seconds=_WAITS)
    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.world.advance(timedelta(seconds=seconds))


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)


class BrokenMachine(Machine):
    """Answers a wrong guess before it is on the streak."""

    build = MUTANTS["streak after the answer"].build()


def test_the_machine_finds_a_known_mistake() -> None:
    unshrunk = settings(TestMachine.settings, max_examples=300, phases=[Phase.generate], database=None)
    with pytest.raises(Broken, match="before it was on the streak"):
        run_state_machine_as_test(BrokenMachine, settings=unshrunk)
