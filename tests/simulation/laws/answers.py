"""Answers are those that the API documents; an id of another Region is unknown before anything is touched."""

from tests.simulation.invocation import Invocation
from tests.simulation.laws.law import Law
from tests.simulation.post import CANCEL, ISSUE, RESEND, STATUS, VERIFY, Post, Reply

_ALWAYS = {(400, "invalid_request"), (503, "unavailable")}
_GONE = {(410, f"challenge_{why}") for why in ("consumed", "cancelled", "exhausted", "expired")}
_UNKNOWN = (404, "unknown_challenge")
DOCUMENTED: dict[str, set[tuple[int, str]]] = {
    ISSUE: _ALWAYS | {(202, ""), (429, "rate_limited")},
    VERIFY: _ALWAYS | _GONE | {(200, ""), (401, "wrong_code"), _UNKNOWN},
    RESEND: _ALWAYS | _GONE | {(202, ""), (429, "rate_limited"), _UNKNOWN},
    STATUS: _ALWAYS | {(200, ""), _UNKNOWN},
    CANCEL: _ALWAYS | {(200, ""), (410, "challenge_consumed"), _UNKNOWN},
}


class Answers(Law):
    """Nobody is told anything that is not in the contract."""

    def said(self, post: Post, invocation: Invocation, reply: Reply) -> None:
        """Look the answer up."""
        told = (reply.status, reply.code)
        self.require(told in DOCUMENTED[post.route], f"{post.route} answered {told}, which is not documented")
        if post.token in self.known.tokens.values() and post.region != self.known.home(post.token):
            self.require(told in {_UNKNOWN, (400, "invalid_request")}, f"another Region's id was answered {told}")
            self.require(invocation.steps == 0, "a dependency was asked about another Region's id")
