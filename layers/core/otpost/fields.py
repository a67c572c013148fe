"""How each member of a request is read. A reader returns the value or raises InvalidValue, saying what to send."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field

from otpost.address import EmailAddress
from otpost.challenge_id import MAX_TOKEN_LENGTH, ChallengeId
from otpost.code import Code
from otpost.errors import Flaw, InvalidRequest, InvalidValue
from otpost.form import Form, Member, Reader
from otpost.policy import PURPOSE_NAME
from otpost.request import Request, is_object
from otpost.settings import CallerMode
from otpost.transaction import MAX_NAME, MAX_PAIRS, MAX_VALUE
from otpost.window import source_network

_LOCALE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")  # the shape of BCP 47, not its registry
_NONCE = re.compile(r"[!-~]{1,128}")
_MAX_CLIENT_TEXT = 512


@dataclass(frozen=True, slots=True)
class Client:
    """The end user's side of a request, as a signed backend tells it."""

    ip: str = field(repr=False)
    user_agent: str | None = field(repr=False)
    device: str | None = field(repr=False)


def caller_ip(form: Form, request: Request, mode: CallerMode) -> Member[str]:
    """Read where the end user's request came from: the connection, or what a signed backend says in `client`."""
    if mode is CallerMode.BROWSER:
        return Member(request.connection_ip)
    told = form.optional("client", client)
    return Member(told.maybe.ip if told.maybe else None)


def named_challenge(request: Request, mode: CallerMode, *, region: str) -> tuple[ChallengeId | None, str | None]:
    """Read a body that only names a challenge; return its id, None if it cannot be one, and the caller's address."""
    form = Form(request.members())
    token = form.required("challenge_id", challenge_id)
    ip = caller_ip(form, request, mode)
    form.check()
    return ChallengeId.parse(token.value, region=region, now=request.now), ip.maybe


def email(value: object) -> EmailAddress:
    """Read one mailbox address."""
    return EmailAddress.parse(_text(value, "one email address"))


def one_of(purposes: Collection[str]) -> Reader[str]:
    """Return a reader of the purposes that this deployment issues codes for."""

    def read(value: object) -> str:
        if _text(value, "a purpose") not in purposes:
            raise InvalidValue(f"The purpose must be one of: {', '.join(sorted(purposes))}.")
        return str(value)

    return read


def purpose(value: object) -> str:
    """Read the name of any purpose; whether it is the challenge's is for the table to say."""
    return _matching(value, PURPOSE_NAME, "a purpose: lower-case letters, digits and underscores")


def locale(value: object) -> str:
    """Read a language tag."""
    return _matching(value, _LOCALE, "a BCP 47 language tag such as en or pt-BR")


def nonce(value: object) -> str:
    """Read what the receipt gives back."""
    return _matching(value, _NONCE, "1 to 128 visible ASCII characters")


def challenge_id(value: object) -> str:
    """Read a challenge id as text; whether it names a challenge is decided later."""
    text = _text(value, "the challenge_id of an earlier answer")
    if len(text) > MAX_TOKEN_LENGTH:
        raise InvalidValue("This must be the challenge_id of an earlier answer.")
    return text


def code(value: object) -> Code:
    """Read a code. Its length must be the challenge's, which the id says."""
    parsed = Code.parse(_text(value, "a string of 6 to 10 ASCII digits (not a number, which loses leading zeros)"))
    if parsed is None:
        raise InvalidValue("This must be 6 to 10 ASCII digits; spaces and hyphens between them are ignored.")
    return parsed


def check_length(code: Code, challenge_id: ChallengeId) -> None:
    """Refuse a code that is not as long as the id says: it can only be a slip, so it spends nothing."""
    if len(code.digits) != challenge_id.code_length:
        detail = f"The code of this challenge has {challenge_id.code_length} digits."
        raise InvalidRequest(Flaw(where="#/code", detail=detail))


def transaction(value: object) -> dict[str, str]:
    """Read the text pairs of a transaction, as sent: nothing is trimmed."""
    if not is_object(value) or len(value) > MAX_PAIRS:
        raise InvalidValue(f"A transaction is an object of at most {MAX_PAIRS} strings.")
    return {_line(name, MAX_NAME): _line(content, MAX_VALUE) for name, content in value.items()}


def client(value: object) -> Client:
    """Read the client object of a signed backend."""
    if not is_object(value):
        raise InvalidValue("This must be an object with the member ip, and user_agent and device if known.")
    form = Form(value, pointer="#/client")
    ip = form.required("ip", _ip)
    user_agent = form.optional("user_agent", _client_text)
    device = form.optional("device", _client_text)
    form.check()
    return Client(ip.value, user_agent.maybe, device.maybe)


def _ip(value: object) -> str:
    text = _text(value, "an IPv4 or IPv6 address")
    if source_network(text) is None:
        raise InvalidValue("This must be an IPv4 or IPv6 address.")
    return text


def _client_text(value: object) -> str:
    text = _text(value, "a string")
    if not 0 < len(text) <= _MAX_CLIENT_TEXT:
        raise InvalidValue(f"This must be 1 to {_MAX_CLIENT_TEXT} characters.")
    return text


def _line(value: object, longest: int) -> str:
    text = _text(value, "a string")
    if not 0 < len(text) <= longest or any(unicodedata.category(character) == "Cc" for character in text):
        raise InvalidValue(f"Names have 1 to {MAX_NAME} characters, values 1 to {MAX_VALUE}, none a control character.")
    return text


def _matching(value: object, pattern: re.Pattern[str], what: str) -> str:
    text = _text(value, what)
    if not pattern.fullmatch(text):
        raise InvalidValue(f"This must be {what}.")
    return text


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise InvalidValue(f"This must be {what}, as a JSON string.")
    try:
        value.encode()
    except UnicodeEncodeError as error:  # a lone surrogate, written as an escape
        raise InvalidValue(f"This must be {what}, of whole Unicode characters.") from error
    return value
