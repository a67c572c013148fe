"""The five functions in one process: loaded as Lambda loads them, one copy a caller mode, on an account of moto."""

import contextlib
import importlib.util
import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from otpost.settings import CallerMode
from tests.backends.account import CHALLENGES, CONFIGURATION_SET, IDENTITIES, SENDER, Account, Mail
from tests.functional.events import batch, http_event
from tests.unit.policy_json import RAW

ROOT = Path(__file__).parents[2]
ISSUER, AUDIENCE = "https://codes.example", "app"
ISSUE = "POST /v1/challenges"
VERIFY, RESEND, STATUS, CANCEL = (f"{ISSUE}/{verb}" for verb in ("verify", "resend", "status", "cancel"))
FUNCTIONS = {
    ISSUE: "issue",
    RESEND: "issue",
    CANCEL: "issue",
    VERIFY: "verify",
    STATUS: "status",
    "GET /.well-known/jwks.json": "keys",
    "GET /openapi.json": "keys",
    "GET /v1/health": "keys",
}
_serial = itertools.count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What Lambda hands a handler beside the event."""

    function_name: str = "otpost-function"
    memory_limit_in_mb: int = 256
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:otpost-function"
    aws_request_id: str = "8f5dd0f4-0f0a-4c1c-9f0e-0a1b2c3d4e5f"
    remaining: int = 15_000

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the function may still run."""
        return self.remaining


@dataclass(frozen=True, slots=True)
class Response:
    """What API Gateway gets."""

    status: int
    headers: dict[str, str]
    text: str = field(repr=False)

    @property
    def body(self) -> dict[str, Any]:
        """Return the members of the body."""
        members: dict[str, Any] = json.loads(self.text)
        return members

    @property
    def outcome(self) -> tuple[int, str | None]:
        """Return the status, and the `code` of a problem."""
        return self.status, self.body.get("code")


class Stack:
    """The functions of one caller mode. What they print is on the *tape*, what they answered over HTTP in *answers*."""

    def __init__(
        self,
        account: Account,
        mode: CallerMode = CallerMode.BROWSER,
        *,
        functions: Iterable[str] = ("issue", "verify", "status", "deliver", "keys"),
        **changes: str,
    ) -> None:
        self.account = account
        self.tape = io.StringIO()
        self.answers: list[Response] = []
        self.context = Context()
        self.service = f"otpost-{next(_serial)}"
        self.environment = _environment(account, mode, self.service) | changes
        with self._running():
            self._apps = {name: _loaded(name) for name in functions}

    def invoke(self, function: str, event: Mapping[str, Any], context: Context | None = None) -> Any:
        """Return what the handler returns."""
        with self._running():
            return self._apps[function].handler(event, context or self.context)

    def serve(self, event: Mapping[str, Any]) -> Response:
        """Answer an HTTP event."""
        answer = self.invoke(FUNCTIONS[event["routeKey"]], event)
        self.answers.append(Response(answer["statusCode"], answer["headers"], answer["body"]))
        return self.answers[-1]

    def post(self, route: str, members: object, *, key: str | None = None, **event: Any) -> Response:
        """Answer a request with these members and, if given, this Idempotency-Key."""
        return self.serve(http_event(route, members, key=key, **event))

    def issue(self, email: str = "ada@example.com", *, key: str | None = None, **members: object) -> Response:
        """Ask for a challenge."""
        return self.post(ISSUE, {"email": email, "purpose": "sign_in"} | members, key=key)

    def verify(self, challenge_id: str, code: str, *, key: str | None = None, **members: object) -> Response:
        """Present a guess."""
        guess = {"challenge_id": challenge_id, "code": code, "purpose": "sign_in"} | members
        return self.post(VERIFY, guess, key=key)

    def deliver(self, *bodies: str, remaining: int | None = None) -> list[str]:
        """Hand a batch to deliver and return the bodies that must come again."""
        event = batch(*bodies)
        answer = self.invoke("deliver", event, Context(remaining=remaining) if remaining is not None else None)
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        return [record["body"] for record in event["Records"] if record["messageId"] in failed]

    def mailed(self, **members: Any) -> tuple[str, str]:
        """Issue and deliver; return the challenge id and the code that the claimant reads."""
        issued = self.issue(**members)
        assert issued.status == 202, issued.text
        challenge_id: str = issued.body["challenge_id"]
        assert self.deliver(challenge_id) == []
        return challenge_id, code_in(self.account.mails()[-1])

    @contextlib.contextmanager
    def _running(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(self.tape):
            for name, value in self.environment.items():
                patch.setenv(name, value)
            yield


def opened_mail(mail: Mail) -> EmailMessage:
    """Return a mail as a mail reader has it."""
    message = message_from_bytes(mail.mime, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def code_in(mail: Mail) -> str:
    """Return the code that a claimant finds within the first 100 characters."""
    part = opened_mail(mail).get_body(("plain",))
    assert part is not None
    found = re.search(r"(?<!\d)\d{6,10}(?!\d)", part.get_content()[:100])
    assert found is not None
    return found[0]


def wrong(code: str, nth: int = 1) -> str:
    """Return a code of the same length that is not *code*; another for every *nth*."""
    return f"{(int(code) + nth) % 10 ** len(code):0{len(code)}d}"


def _loaded(name: str) -> ModuleType:
    """Run a handler's module as a new one: it reads its environment and makes its clients once, at INIT."""
    spec = importlib.util.spec_from_file_location(f"{name}_{next(_serial)}", ROOT / "functions" / name / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _environment(account: Account, mode: CallerMode, service: str) -> dict[str, str]:
    return {
        "POWERTOOLS_SERVICE_NAME": service,
        "POWERTOOLS_METRICS_NAMESPACE": "OTPost",
        "POWERTOOLS_LOG_LEVEL": "DEBUG",
        "CALLER_MODE": mode.value,
        "IDENTITY_CASE": "ascii_lower",
        "POLICY": json.dumps(RAW),
        "CHALLENGE_TABLE": CHALLENGES,
        "IDENTITY_TABLE": IDENTITIES,
        "MAIL_QUEUE_URL": account.queue_url,
        "CODE_KEY_ARN": account.keys.code,
        "IDENTITY_KEY_ARN": account.keys.identity,
        "SIGNING_KEY_ARN": account.keys.signing,
        "CONFIGURATION_SET": CONFIGURATION_SET,
        "SENDER_ADDRESS": SENDER,
        "BRAND_NAME": "Example",
        "SITE_ORIGIN": "https://app.example",
        "SUPPORT_ADDRESS": "help@otpost.example",
        "FUNCTION_TIMEOUT_SECONDS": "15",
        "RECEIPT_ISSUER": ISSUER,
        "RECEIPT_AUDIENCE": AUDIENCE,
    }
