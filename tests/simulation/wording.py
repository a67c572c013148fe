"""How the events of a world are told, without anything that differs from one run to the next."""

from enum import Enum

from otpost.challenge import Challenge
from otpost.ports import Opened, Spent
from otpost.window import RateLimited
from tests.simulation.post import VERIFY, Post, Reply
from tests.simulation.step import Fate, Step
from tests.simulation.trace import Trace


def asked(post: Post, trace: Trace) -> str:
    """Tell a request."""
    who = str(post.members.get("email", "")) or trace.of_token(post.token)
    code = f" code {post.members.get('code')}" if post.route == VERIFY else ""
    key = f" with key {post.key}" if post.key else ""
    return f"{post.route} {who} {post.members.get('purpose', '')}{code}{key}"


def step(waiting: Step | None, trace: Trace) -> str:
    """Tell a step, and which challenge it is about."""
    if waiting is None:
        return "its end"
    match waiting.name, waiting.subject:
        case _, Challenge() as challenge:
            return f"{waiting.name} {trace.named(challenge.key)}"
        case "put", str() as token:
            return f"{waiting.name} {trace.of_token(token)}"
        case (("failures" | "add_failure" | "record_success"), _):
            return waiting.name
        case _, str() as key:
            return f"{waiting.name} {trace.named(key)}"
        case _:
            return waiting.name


def result(answer: object) -> str:
    """Tell what a step came to."""
    match answer:
        case Opened():
            return "found" if answer.repeated else "opened"
        case Spent():
            return answer.verdict.value
        case RateLimited():
            return answer.limit.value
        case Challenge():
            return f"{len(answer.tries)} tries, {answer.mails_sent} of {answer.mails_asked} mails"
        case Enum():
            return str(answer.value)
        case _:
            return str(answer) if answer is None or isinstance(answer, int) else "done"


def unless_done(fate: Fate) -> str:
    """Tell a fate worth telling."""
    return "" if fate is Fate.DONE else f" ({fate})"


def replied(reply: Reply) -> str:
    """Tell an answer."""
    left = reply.body.get("attempts_left")
    told = f", {left} attempts left" if left is not None else ""
    return f"{reply.status} {reply.code or reply.body.get('limit', '')}{told}".replace(" ,", ",")
