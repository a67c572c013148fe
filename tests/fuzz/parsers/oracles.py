"""One oracle for each parser: whatever the octets, it is read or refused as the rules say, and nothing else happens.

An oracle raises AssertionError, or lets through an error that is not the documented one; both are findings.
"""

from collections.abc import Callable

from tests.fuzz.parsers import carriers, members

type Oracle = Callable[[bytes], None]

ORACLES: dict[str, Oracle] = {
    "address": members.address,
    "body": carriers.body,
    "caller_ip": members.caller_ip,
    "code": members.code,
    "idempotency_key": members.idempotency_key,
    "locale": members.locale,
    "made_token": carriers.made_token,
    "raw_base64": carriers.raw_base64,
    "signature": carriers.signature,
    "token": carriers.token,
    "transaction": members.transaction,
}
