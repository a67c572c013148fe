"""The members of a request body, each read by a rule of its own, all flaws reported at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from otpost.errors import Flaw, InvalidRequest, InvalidValue

type Reader[T] = Callable[[object], T]


class Form:
    """Reads members by name. Finish with `check`: until then a value that could not be read is missing."""

    def __init__(self, members: Mapping[str, object], *, pointer: str = "#") -> None:
        self._members = members
        self._pointer = pointer
        self._known: set[str] = set()
        self._flaws: list[Flaw] = []

    def required[T](self, name: str, read: Reader[T]) -> "Member[T]":
        """Read a member that must be there."""
        if name not in self._members:
            self._flaws.append(Flaw(where=f"{self._pointer}/{name}", detail="This member is required."))
        return self.optional(name, read)

    def optional[T](self, name: str, read: Reader[T]) -> "Member[T]":
        """Read a member that may be absent; null is not absent."""
        self._known.add(name)
        if name not in self._members:
            return Member(None)
        try:
            return Member(read(self._members[name]))
        except InvalidValue as error:
            self._flaws.append(Flaw(where=f"{self._pointer}/{name}", detail=str(error)))
        except InvalidRequest as error:  # a form within the form
            self._flaws.extend(error.flaws)
        return Member(None)

    def check(self) -> None:
        """Raise InvalidRequest if any member was missing, wrong or unknown."""
        unknown = [name for name in self._members if name not in self._known]
        detail = f"This member is not known here; the members are: {', '.join(sorted(self._known))}."
        flaws = self._flaws + [Flaw(where=f"{self._pointer}/{_printable(name)}", detail=detail) for name in unknown]
        if flaws:
            raise InvalidRequest(*flaws[:20])


@dataclass(frozen=True, slots=True)
class Member[T]:
    """What was read of one member: *maybe* is None if it was absent."""

    maybe: T | None = field(repr=False)

    @property
    def value(self) -> T:
        """Return the value of a required member; only after `Form.check`."""
        if self.maybe is None:
            raise LookupError("a required member was read before the form was checked")
        return self.maybe


def _printable(name: str) -> str:
    return name[:64].encode("utf-8", "replace").decode().replace("~", "~0").replace("/", "~1")  # RFC 6901 §3
