"""Every way in which a call can fail, and what is known of the call afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from botocore.awsrequest import AWSResponse

from tests.backends import faults
from tests.backends.wire import Call, Fault, Forward
from tests.faults.acts import Act


class Kind(StrEnum):
    """What became of the call, which is not always what the caller can know."""

    UNMET = "it did not happen, and nobody knows"
    REFUSED = "AWS refused it: it certainly did not happen"
    LOST = "it happened, and its answer was lost"


def _always(_: Act) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way. *tried_again*: a second try follows at once, so that failing once goes unnoticed."""

    name: str
    kind: Kind
    fault: Fault
    tried_again: bool = False
    meets: Callable[[Act], bool] = _always

    def is_noticed_once(self, act: Act) -> bool:
        """Say whether the request fails if only its first call of *act* does."""
        return not self.tried_again or act is Act.MAIL  # SES is never asked twice: it knows no repeat


def _mangled(body: bytes, *, status: int = 200) -> Fault:
    """Return a fault that lets the call happen and spoils its answer."""

    def fault(call: Call, forward: Forward) -> AWSResponse:
        forward()
        return faults.replied(body, status=status)(call, forward)

    return fault


def _writes(act: Act) -> bool:
    return act.is_write


def _answers_by_members(act: Act) -> bool:
    """A read of nothing and a transaction that was done answer {}: there it is no fault."""
    return act.call not in {"dynamodb.GetItem", "dynamodb.TransactWriteItems"}


def _transaction(act: Act) -> bool:
    return act.is_transaction


def _single_write(act: Act) -> bool:
    return act.call == "dynamodb.UpdateItem"


_WEB_PAGE = b"<html>504 Gateway Time-out</html>"
_CUT_OFF = b'{"Attributes": {"pk"'
_NULLS = b'{"Mac": null, "Signature": null, "PublicKey": null, "Attributes": null, "MessageId": null}'
_CONFLICT = faults.cancelled(["TransactionConflict", "None", "None"])
_BUSY = faults.cancelled(["ThrottlingError", "None", "None"])

WAYS: tuple[Way, ...] = (
    Way(name="no answer", kind=Kind.UNMET, fault=faults.read_timeout, tried_again=True),
    Way(name="no connection", kind=Kind.UNMET, fault=faults.connect_timeout, tried_again=True),
    Way(name="connection refused", kind=Kind.UNMET, fault=faults.connection_refused, tried_again=True),
    Way(name="500", kind=Kind.UNMET, fault=faults.broken, tried_again=True),
    Way(name="503 that is a web page", kind=Kind.UNMET, fault=faults.replied(_WEB_PAGE, status=503), tried_again=True),
    Way(name="throttled", kind=Kind.REFUSED, fault=faults.throttled, tried_again=True),
    Way(name="access denied", kind=Kind.REFUSED, fault=faults.forbidden),
    Way(name="no such resource", kind=Kind.REFUSED, fault=faults.not_found),
    Way(name="not valid", kind=Kind.REFUSED, fault=faults.refused("ValidationException")),
    Way(name="cut off", kind=Kind.UNMET, fault=faults.replied(_CUT_OFF)),
    Way(name="a web page", kind=Kind.UNMET, fault=faults.replied(_WEB_PAGE)),
    Way(name="no object", kind=Kind.UNMET, fault=faults.replied(b"[]")),
    Way(name="empty", kind=Kind.UNMET, fault=faults.replied(b"")),
    Way(name="not UTF-8", kind=Kind.UNMET, fault=faults.replied(b'{"Item": "\xff"}')),
    Way(name="a member missing", kind=Kind.UNMET, fault=faults.replied(b"{}"), meets=_answers_by_members),
    Way(name="a member null", kind=Kind.UNMET, fault=faults.replied(_NULLS), meets=_answers_by_members),
    Way(name="answer lost", kind=Kind.LOST, fault=faults.lost_response, tried_again=True, meets=_writes),
    Way(name="done, then 500", kind=Kind.LOST, fault=_mangled(b"{}", status=500), tried_again=True, meets=_writes),
    Way(name="done, then cut off", kind=Kind.LOST, fault=_mangled(_CUT_OFF), meets=_writes),
    Way(name="done, then a web page", kind=Kind.LOST, fault=_mangled(_WEB_PAGE), meets=_writes),
    Way(
        name="done, then a member missing",
        kind=Kind.LOST,
        fault=_mangled(b"{}"),
        meets=lambda act: act.is_write and _answers_by_members(act),
    ),
    Way(name="conflict", kind=Kind.REFUSED, fault=_CONFLICT, tried_again=True, meets=_transaction),
    Way(
        name="in progress",
        kind=Kind.REFUSED,
        fault=faults.refused("TransactionInProgressException"),
        tried_again=True,
        meets=_transaction,
    ),
    Way(name="throttled in part", kind=Kind.REFUSED, fault=_BUSY, meets=_transaction),
    Way(
        name="conflict with a transaction",
        kind=Kind.REFUSED,
        fault=faults.refused("TransactionConflictException"),
        meets=_single_write,
    ),
)


def ways_of(act: Act, *, briefly: bool) -> list[Way]:
    """Return the ways in which a call can fail; *briefly* one of each kind, tried again or not."""
    met = [way for way in WAYS if way.meets(act)]
    return list({(way.kind, way.tried_again): way for way in reversed(met)}.values()) if briefly else met
