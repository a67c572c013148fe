"""One tree of errors: a bad request, or a world that did not answer. What policy refuses is a value, not an error."""

from dataclasses import dataclass


class Error(Exception):
    """The root. Its messages are fixed texts; they never carry what a caller sent."""


class BadRequest(Error):
    """The request cannot be understood. It spent nothing and changed nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """What is wrong with one member or header: *detail* says what to send instead."""

    where: str
    detail: str


class InvalidRequest(BadRequest):
    """Malformed, unknown or ill-typed members; carries every flaw found, not only the first."""

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__("The request is not valid.")
        self.flaws = flaws


class BodyTooLarge(BadRequest):
    """The body is over the limit; it was not parsed."""


class UnsupportedMediaType(BadRequest):
    """The body is not plain JSON; it was not parsed."""


class InvalidValue(Error):
    """One value is not what its member takes; the message says what to send instead, without the value."""


class InvalidAddress(InvalidValue):
    """The text is not an address that OTPost mails to."""


class InvalidSettings(Error):
    """The environment of a function is incomplete or contradicts itself; the function must not start."""


class Unavailable(Error):
    """A dependency could not answer. Nothing was accepted; the same request may be sent again."""
