"""docs/openapi.yaml, the requests: the members and values that the handlers read, no more and no fewer."""

from collections.abc import Callable

import pytest

from otpost import fields
from otpost.address import MAX_ADDRESS_OCTETS, MAX_LOCAL_OCTETS
from otpost.challenge_id import CODE_LENGTHS, MAX_TOKEN_LENGTH
from otpost.errors import InvalidRequest, InvalidValue
from otpost.request import MAX_BODY_OCTETS
from otpost.transaction import MAX_NAME, MAX_PAIRS, MAX_VALUE
from tests.docs.described import SCHEMAS, Node, accepts, request_schema, validator
from tests.docs.served import Handlers

BODIES = [f"POST /v1/challenges{act}" for act in ("", "/verify", "/resend", "/status", "/cancel")]
STRANGER = "no_member_has_this_name"
IP = "203.0.113.9"


def _known(answer: Node, pointer: str) -> set[str]:
    (detail,) = [flaw["detail"] for flaw in answer["body"]["errors"] if flaw.get("pointer") == pointer]
    return _listed(detail)


def _listed(detail: str) -> set[str]:
    return set(detail.removesuffix(".").rpartition(": ")[2].split(", "))


@pytest.mark.parametrize("route", BODIES)
def test_the_members_are_those_that_a_backend_may_send(backend: Handlers, route: str) -> None:
    answer = backend.answer(route, {STRANGER: 1})
    assert _known(answer, f"#/{STRANGER}") == set(request_schema(route)["properties"])


@pytest.mark.parametrize("route", BODIES)
def test_a_browser_may_send_all_of_them_but_client(browser: Handlers, route: str) -> None:
    answer = browser.answer(route, {STRANGER: 1})
    assert _known(answer, f"#/{STRANGER}") == set(request_schema(route)["properties"]) - {"client"}


@pytest.mark.parametrize("route", BODIES)
def test_the_required_members_are_those_that_are_missed(backend: Handlers, route: str) -> None:
    missed = {flaw["pointer"] for flaw in backend.answer(route, {})["body"]["errors"]}
    assert missed == {f"#/{name}" for name in request_schema(route)["required"]}


@pytest.mark.parametrize("route", BODIES)
def test_no_body_may_have_other_members(route: str) -> None:
    """A45."""
    assert request_schema(route)["additionalProperties"] is False


def test_the_members_of_client_are_those_that_are_read(backend: Handlers) -> None:
    answer = backend.answer(BODIES[2], {"challenge_id": "x", "client": {STRANGER: 1}})
    assert _known(answer, f"#/client/{STRANGER}") == set(SCHEMAS["Client"]["properties"])
    assert {"pointer": "#/client/ip", "detail": "This member is required."} in answer["body"]["errors"]
    assert SCHEMAS["Client"]["required"] == ["ip"]


@pytest.mark.parametrize("route", BODIES)
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({STRANGER: 1}, {}),
        ("[]", {}),
        ("{}", {"content-type": "text/plain"}),
        ("{}", {"content-encoding": "gzip"}),
        (" " * (MAX_BODY_OCTETS + 1), {}),
    ],
)
def test_a_bad_request_is_answered_as_described(
    browser: Handlers, route: str, body: object, headers: dict[str, str]
) -> None:
    answer = browser.answer(route, body, **headers)
    assert answer["statusCode"] in {400, 413, 415}
    kinds = {400: "InvalidRequestProblem", 413: "BodyTooLargeProblem", 415: "UnsupportedMediaTypeProblem"}
    validator(SCHEMAS[kinds[answer["statusCode"]]]).validate(answer["body"])


def test_the_purposes_named_are_those_of_the_template(browser: Handlers) -> None:
    flaws = browser.answer(BODIES[0], {"email": "ada@example.com", "purpose": "other"})["body"]["errors"]
    assert _listed(flaws[0]["detail"]) == set(SCHEMAS["Purpose"]["examples"])


def _domain(length: int) -> str:
    return ("d." * length)[: length - 2] + "ee"


_LINES = ["a", " a ", "ß", "\u00a0", "a\u200bb", "", "a\x00", "a\x1fb", "\x7f", "\x80", "\x9f", "a\nb", "\t"]
_TYPES = [None, True, 1, 1.5, [], ["a"]]

VALUES: dict[tuple[str, Callable[[object], object]], list[object]] = {
    ("EmailAddress", fields.email): [
        "ada@example.com", "Ada.L+x@EXAMPLE.com", "o'hara@example.co.uk", "a@bücher.example", "a@b.c",
        "!#$%@example.com", "a=?b@example.com", "=?utf-8?q?a?=@example.com", "a=b@example.com", "a?=b@example.com",
        "x" * MAX_LOCAL_OCTETS + "@example.com", "x" * (MAX_LOCAL_OCTETS + 1) + "@example.com",
        "xx@" + _domain(MAX_ADDRESS_OCTETS - 3), "xx@" + _domain(MAX_ADDRESS_OCTETS - 2),
        "", "a", "@example.com", "a@", "a@example", ".a@example.com", "a.@example.com", "a..b@example.com",
        "a b@example.com", '"a"@example.com', "ä@example.com", "a@b@example.com", "a@example.com,b@example.com",
        "a@example..com", "a@.example.com", "a@example.com.", "a@example.com b", " a@example.com", {}, *_TYPES,
    ],
    ("Purpose", fields.purpose): ["a", "sign_in", "a" * 32, "a" * 33, "", "A", "1a", "_a", "a-b", {}, *_TYPES],
    ("Locale", fields.locale): [
        "en", "pt-BR", "zh-Hant-TW", "abcdefgh", "en-a-b-c-d", "en-12345678",
        "e", "abcdefghi", "en-", "en_US", "en-a-b-c-d-e", "en-123456789", "", {}, *_TYPES,
    ],
    ("Nonce", fields.nonce): ["a", "!~", "x" * 128, "x" * 129, "", "a b", "ä", "a\x7f", {}, *_TYPES],
    ("GivenChallengeId", fields.challenge_id): [
        "", "a", "ä", "x" * MAX_TOKEN_LENGTH, "x" * (MAX_TOKEN_LENGTH + 1), {}, *_TYPES,
    ],
    ("GivenCode", fields.code): [
        *("0" * length for length in range(4, 13)), "042 137", "042-137", " 0-4 2137- ", "04 2 1 3",
        "", " ", "04213a", "０４２１３７", "٠٤٢١٣٧", "042\u00a0137", "042\t137", "042.137", "0421_37", "+042137",
        {}, *_TYPES,
    ],
    ("Transaction", fields.transaction): [
        {}, {f"n{at}": "v" for at in range(MAX_PAIRS)}, {f"n{at}": "v" for at in range(MAX_PAIRS + 1)},
        {"n" * MAX_NAME: "v"}, {"n" * (MAX_NAME + 1): "v"}, {"n": "v" * MAX_VALUE}, {"n": "v" * (MAX_VALUE + 1)},
        *({"n": line} for line in _LINES), *({line: "v"} for line in _LINES), *({"n": value} for value in _TYPES),
        {"n": {}}, "a", *_TYPES,
    ],
    ("Client", fields.client): [
        {"ip": IP}, {"ip": "2001:db8::1"}, {"ip": "::ffff:203.0.113.9"}, {"ip": IP, "user_agent": "a", "device": "b"},
        *({"ip": IP, name: "a" * length} for name in ("user_agent", "device") for length in (0, 512, 513)),
        {"ip": IP, STRANGER: 1}, {}, {"ip": ""}, {"ip": "203.0.113.256"}, {"ip": "203.0.113.0/24"},
        {"ip": "host.example"},
        {"ip": IP, "device": None}, *({"ip": value} for value in _TYPES), "a", *_TYPES,
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("schema", "read", "value"),
    [
        pytest.param(schema, read, value, id=f"{schema}-{at}")
        for (schema, read), values in VALUES.items()
        for at, value in enumerate(values)
    ],
)
def test_a_value_is_read_if_and_only_if_it_is_as_described(
    schema: str, read: Callable[[object], object], value: object
) -> None:
    """A35, A36."""
    try:
        read(value)
    except (InvalidValue, InvalidRequest):
        assert not accepts(schema, value)
    else:
        assert accepts(schema, value)


def test_the_length_of_a_code_is_what_an_id_can_say() -> None:
    length = SCHEMAS["CodeLength"]
    assert range(length["minimum"], length["maximum"] + 1) == CODE_LENGTHS
