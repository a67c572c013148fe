"""An answer: what is said over HTTP, and the one word by which it is logged and counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from otpost.challenge import Challenge


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer and its *reason*, the word by which it is logged and counted; *challenge* is whose answer it is."""

    status: HTTPStatus
    reason: str
    body: Mapping[str, object] = field(repr=False)
    challenge: Challenge | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def public(body: Mapping[str, object]) -> Answer:
    """Answer with a document that anyone may read and keep for five minutes."""
    headers = {"cache-control": "public, max-age=300"}
    return Answer(status=HTTPStatus.OK, reason="served", body=body, headers=headers)


def healthy() -> Answer:
    """Answer that the API is up."""
    return Answer(status=HTTPStatus.OK, reason="served", body={"status": "ok"})
