"""What schemathesis loads before a run (SCHEMATHESIS_HOOKS): steering, signing, and the checks that are ours.

The environment says which sandbox (OTPOST_FUZZ_URL), whether it is signed (OTPOST_FUZZ_MODE), the seed, and where the
tally goes (OTPOST_FUZZ_TALLY).
"""

import atexit
import json
import os
import random
from pathlib import Path
from typing import Any

import schemathesis
from jsonschema import Draft202012Validator
from requests import PreparedRequest
from requests.auth import AuthBase

from otpost_tools.client import Client
from tests.fuzz import promises
from tests.fuzz.ledger import Ledger
from tests.fuzz.parsers.rules import is_mailbox
from tests.fuzz.signing import signed
from tests.fuzz.steering import Steering
from tests.fuzz.tally import Tally

_SIGNED = os.environ["OTPOST_FUZZ_MODE"] == "backend"
_PURPOSES = ["sign_in", "verify_email", "recovery", "transaction"]
# Of what the product accepts, what a generator can make; the check below knows the rest.
_EASY_ADDRESS = r"^[a-z0-9_+-]{1,20}@([a-z0-9]{1,20}\.){1,3}[a-z]{2,10}$"

_ledger, _tally = Ledger(), Tally()
_dice = random.Random(int(os.environ["OTPOST_FUZZ_SEED"]))
_steering = Steering(dice=_dice, ledger=_ledger, sandbox=Client(base_url=os.environ["OTPOST_FUZZ_URL"]))
atexit.register(_tally.save, Path(os.environ["OTPOST_FUZZ_TALLY"]))


class _Signed(AuthBase):
    """Signs as the sandbox's caller."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        body = request.body.encode() if isinstance(request.body, str) else request.body
        request.headers.update(signed(request.method, request.url, {}, body or b""))
        return request


@schemathesis.hook
def before_load_schema(context: Any, raw_schema: dict[str, Any]) -> None:
    """Describe this deployment: its purposes, addresses that can be made up, and no `client` for browsers."""
    schemas = raw_schema["components"]["schemas"]
    schemas["IssueRequest"]["properties"]["email"] = {"type": "string", "pattern": _EASY_ADDRESS}
    schemas["IssueRequest"]["properties"]["purpose"] = {"enum": _PURPOSES}
    for name in () if _SIGNED else ("IssueRequest", "VerifyRequest", "NamedChallengeRequest"):
        schemas[name]["properties"].pop("client")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Steer, and sign what must be signed (now and then not)."""
    _steering.steer(_route(case), case.body)
    if _SIGNED and _dice.random() < 0.97:
        kwargs["auth"] = _Signed()


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Count what was really sent."""
    _tally.add(_route(case), response.status_code, response.content)


@schemathesis.check
def keeps_every_promise(ctx: Any, response: Any, case: Any) -> None:
    """Check the answer by itself, and against what the challenge has been through."""
    route, status = _route(case), response.status_code
    if route not in promises.documented():
        assert (status, response.content) == (404, b'{"message":"Not Found"}') or status == 204, (
            "a route that is not there"
        )
        return
    headers = {name.lower(): ", ".join(values) for name, values in response.headers.items()}
    body = None if isinstance(case.body, schemathesis.core.NotSet) else case.body
    found = promises.objections(route, status, headers, response.content, body)
    key = {name.lower(): value for name, value in (case.headers or {}).items()}.get("idempotency-key")
    found += _ledger.objections(route, body, key, status, _members(response.content))
    assert not found, "; ".join(found)


@schemathesis.check
def refuses_for_a_reason(ctx: Any, response: Any, case: Any) -> None:
    """A well-formed request is only invalid where docs/api.md is stricter than a schema can say."""
    if response.status_code != 400 or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    for flaw in _members(response.content)["errors"]:
        if flaw.get("pointer") == "#/email" and not is_mailbox(case.body["email"]):
            continue
        # A code as long as no challenge's is refused by the id it names; ids that exist have codes of six digits.
        assert flaw.get("pointer") == "#/code", f"well-formed, and refused: {flaw}"


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Drop "should have been rejected" where the served description, which is wider than ours, takes the body."""
    return not (type(failure).__name__ == "AcceptedNegativeData" and _described(case))


def _described(case: Any) -> bool:
    operation = promises.API["paths"][case.path][case.method.lower()]
    body = operation.get("requestBody")
    if body is None or isinstance(case.body, schemathesis.core.NotSet):
        return False
    if "$ref" in body:
        body = promises.API["components"]["requestBodies"][body["$ref"].rpartition("/")[2]]
    schema = {"allOf": [body["content"]["application/json"]["schema"]], "components": promises.API["components"]}
    return Draft202012Validator(schema).is_valid(case.body)


def _route(case: Any) -> str:
    return f"{case.method.upper()} {case.path}"


def _members(body: bytes) -> dict[str, Any]:
    members = json.loads(body)
    return members if isinstance(members, dict) else {}
