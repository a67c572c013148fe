"""The product under test: asks for codes, asks again, and prepares guesses, as its adapter says."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from otpost_tools.client import Signer
from otpost_tools.torture.adapter import Adapter, Call, Outcome, Step
from otpost_tools.torture.errors import CannotMeasureError
from otpost_tools.torture.reply import Reply, captured, judged
from otpost_tools.torture.templates import Variables, filled, filled_json, filled_url
from otpost_tools.torture.wire import Request, sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What the party that asked for a code holds: variables and cookies. Guesses add nothing to it."""

    address: str
    variables: Variables = field(repr=False)
    cookies: Mapping[str, str] = field(repr=False, default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How asking for a code went. *retry_after* in seconds, where the product says it."""

    outcome: Outcome
    challenge: Challenge
    retry_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A deployment at *base_url*. *signer* adds headers to each request (a stack in backend mode)."""

    adapter: Adapter
    base_url: str
    signer: Signer | None = None

    def issue(self, address: str) -> Asked:
        """Ask for a code for *address*."""
        blank = Challenge(address=address, variables={"url": self.base_url, "email": address})
        return self._asked(self.adapter.issue, blank)

    def resend(self, step: Step, challenge: Challenge) -> Asked:
        """Ask for the code of *challenge* once more."""
        return self._asked(step, challenge)

    def guess(self, challenge: Challenge, code: str, *, key: str | None = None) -> Request:
        """The request that presents *code*; with an idempotency key of its own unless *key* is given."""
        verify = self.adapter.verify
        name = verify.idempotency_header
        extra = {name: key or secrets.token_urlsafe(24)} if name else {}
        return self._request(verify.call, challenge, {"code": code}, extra)

    def judge_guess(self, reply: Reply) -> Outcome:
        """What the answer to a guess means."""
        return judged(reply, self.adapter.verify.rules)

    def advance(self, call: Call, seconds: int) -> None:
        """Move the product's own time forward."""
        reply = sent(self._request(call, Challenge(address="", variables={"url": self.base_url}), {"seconds": seconds}))
        if not 200 <= reply.status < 300:  # noqa: PLR2004 - the success class of RFC 9110 §15.3
            raise CannotMeasureError(f"the clock at {call.path} answered {reply.status}")

    def _asked(self, step: Step, challenge: Challenge) -> Asked:
        for call in step.before:
            _, challenge = self._made(call, challenge)
        reply, after = self._made(step.call, challenge)
        outcome = judged(reply, step.rules)
        if outcome is not Outcome.ISSUED:
            return Asked(outcome=outcome, challenge=challenge, retry_after=reply.retry_after())
        for call in self.adapter.verify.before:
            _, after = self._made(call, after)
        return Asked(outcome=outcome, challenge=after)

    def _made(self, call: Call, challenge: Challenge) -> tuple[Reply, Challenge]:
        reply = sent(self._request(call, challenge, {}))
        found = {name: captured(reply, capture) for name, capture in call.capture.items()}
        cookies = {**challenge.cookies, **reply.set_cookies()}
        return reply, Challenge(
            address=challenge.address,
            variables={**challenge.variables, **{name: value for name, value in found.items() if value is not None}},
            cookies={name: value for name, value in cookies.items() if value is not None},
        )

    def _request(
        self, call: Call, challenge: Challenge, more: Variables, headers: Mapping[str, str] | None = None
    ) -> Request:
        variables, parts = {**challenge.variables, **more}, urlsplit(self.base_url)
        try:
            kind, body = _body(call, variables)
            sending = kind | {name: filled(value, variables) for name, value in call.headers.items()}
            target = parts.path.rstrip("/") + filled_url(call.path, variables)
        except KeyError as error:
            raise CannotMeasureError(f"{call.path} needs {{{error.args[0]}}}, which no answer held") from error
        sending |= dict(headers or {})
        if challenge.cookies:
            sending["Cookie"] = "; ".join(f"{name}={value}" for name, value in challenge.cookies.items())
        if self.signer is not None:
            sending |= self.signer(call.method, f"{parts.scheme}://{parts.netloc}{target}", sending, body)
        return Request(base_url=self.base_url, method=call.method, target=target, headers=sending, body=body)


def _body(call: Call, variables: Variables) -> tuple[dict[str, str], bytes]:
    if call.form is not None:
        form = urlencode({name: filled(value, variables) for name, value in call.form.items()})
        return {"Content-Type": "application/x-www-form-urlencoded"}, form.encode()
    if call.json is not None:
        return {"Content-Type": "application/json"}, json.dumps(filled_json(call.json, variables)).encode()
    return {}, b""
