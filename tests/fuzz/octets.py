"""Requests whose bodies no schema describes: cut, doubled, mangled, compressed, mislabelled, too large.

schemathesis always sends well-formed JSON. This part takes such a body and damages it octet by octet.
"""

import gzip
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

from tests.fuzz import promises
from tests.fuzz.tally import Tally

JSON = "application/json"
_ROUTES = [route for route in promises.documented() if route.startswith("POST")]
_MARK = "kept-secret-5d0c"
"""In every body; no answer may ever hold it, but as the name of an unknown member."""

type Headers = dict[str, str]
type Damage = Callable[[random.Random, bytes], tuple[bytes, Headers]]
type Sign = Callable[[str, str, Headers, bytes], Headers]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An answer that breaks a promise, with all that was sent."""

    route: str
    headers: Headers
    body: bytes
    objections: list[str]


def fuzz(url: str, *, cases: int, seed: int, sign: Sign, tally: Tally) -> Iterator[Finding]:
    """Send *cases* damaged requests to the sandbox at *url*, count them in *tally*, and yield what was found."""
    dice = random.Random(seed)
    connection = HTTPConnection(urlsplit(url).netloc, timeout=35)
    for _ in range(cases):
        route = dice.choice(_ROUTES)
        path = route.partition(" ")[2]
        body, headers = dice.choice(DAMAGES)(dice, json.dumps(_members(dice, route)).encode())
        signed = headers if dice.random() < 0.1 else sign("POST", url + path, headers, body)
        connection.request("POST", path, body, signed)
        response = connection.getresponse()
        answer = response.read()
        tally.add(route, response.status, answer)
        told = {name.lower(): value for name, value in response.getheaders()}
        if found := objections(route, response.status, told, answer):
            yield Finding(route=route, headers=headers, body=body, objections=found)


def objections(route: str, status: int, headers: Headers, answer: bytes) -> list[str]:
    """Return what is wrong with an answer to a damaged body: it may be refused, and then it is not repeated."""
    found = promises.objections(route, status, headers, answer, None)
    return found + ["the answer repeats what was sent"] * (status >= 400 and _MARK.encode() in answer)


def _members(dice: random.Random, route: str) -> dict[str, object]:
    if route == "POST /v1/challenges":
        email = f"claimant-{dice.randbytes(5).hex()}@example.com"
        return {"email": email, "purpose": "sign_in", "nonce": _MARK, "transaction": {"payee": _MARK}}
    named: dict[str, object] = {"challenge_id": _MARK}
    guess = {"code": "042137", "purpose": "sign_in", "transaction": {"payee": _MARK}}
    return named | guess if route.endswith("verify") else named


def _cut(dice: random.Random, body: bytes) -> tuple[bytes, Headers]:
    return body[: dice.randrange(len(body))], {"Content-Type": JSON}


def _mangled(dice: random.Random, body: bytes) -> tuple[bytes, Headers]:
    damaged = bytearray(body)
    for _ in range(dice.randint(1, 4)):
        damaged[dice.randrange(len(damaged))] = dice.randrange(256)
    return bytes(damaged), {"Content-Type": JSON}


def _doubled(dice: random.Random, body: bytes) -> tuple[bytes, Headers]:
    return body[:-1] + b"," + body[1:], {"Content-Type": JSON}


def _grown(dice: random.Random, body: bytes) -> tuple[bytes, Headers]:
    return body + b" " * dice.choice((8_192 - len(body), 8_193 - len(body), 20_000)), {"Content-Type": JSON}


def _deep(dice: random.Random, body: bytes) -> tuple[bytes, Headers]:
    depth = dice.choice((50, 2_000, 4_000))
    return body[:-1] + b',"deep":' + b"[" * depth + b"]" * depth + b"}", {"Content-Type": JSON}


def _odd_values(dice: random.Random, body: bytes) -> tuple[bytes, Headers]:
    odd = dice.choice((b"NaN", b"-Infinity", b"1e999", b"9" * 5_000, rb'"\ud800"', b'"\x00"', b"null", b"tru", b"0x10"))
    return body[:-1] + b',"odd":' + odd + b"}", {"Content-Type": JSON}


def _mislabelled(dice: random.Random, body: bytes) -> tuple[bytes, Headers]:
    kinds = ("", "text/plain", "application/xml", "application/json; charset=utf-16", "application/jsonp", "*/*", "é")
    return body, {"Content-Type": dice.choice(kinds).encode().decode("latin-1")}


def _compressed(dice: random.Random, body: bytes) -> tuple[bytes, Headers]:
    return gzip.compress(body), {"Content-Type": JSON, "Content-Encoding": dice.choice(("gzip", "br", "identity"))}


def _recoded(dice: random.Random, body: bytes) -> tuple[bytes, Headers]:
    return body.decode().encode(dice.choice(("utf-16", "utf-32", "utf-8-sig", "cp500"))), {"Content-Type": JSON}


def _headed(dice: random.Random, body: bytes) -> tuple[bytes, Headers]:
    key = dice.choice(("", "short", "x" * 129, "x" * 8_000, "a key with spaces in it", "\xff" * 20))
    forged = {"X-Forwarded-For": "192.0.2.1", "Host": "evil.example", "X-Amz-Meta": "%00"}
    name = dice.choice(list(forged))
    return body, {"Content-Type": JSON, "Idempotency-Key": key, name: forged[name]}


def _whole(dice: random.Random, body: bytes) -> tuple[bytes, Headers]:
    return dice.choice((b"[]", b'""', b"1", b"null", b"", b"[" + body + b"]", body)), {"Content-Type": JSON}


DAMAGES: list[Damage] = [
    *(_cut, _mangled, _doubled, _grown, _deep, _odd_values, _mislabelled, _compressed, _recoded, _headed, _whole)
]
