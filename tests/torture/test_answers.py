"""What answers mean by an adapter's rules, and what is taken from them."""

import re

import pytest

from otpost_tools.torture.adapter import Capture, Json, Outcome, Rule, Source
from otpost_tools.torture.chance import at_least
from otpost_tools.torture.guesses import wrong_codes
from otpost_tools.torture.reply import Reply, at_path, captured, judged
from otpost_tools.torture.templates import filled_json, filled_url

REPLY = Reply(
    status=302,
    headers=(
        ("Set-Cookie", "a=1; Path=/"),
        ("set-cookie", "b=; Max-Age=0"),
        ("Location", "/home"),
        ("Retry-After", "30"),
    ),
    body=b'{"data": [{"id": 7}], "text": "token=xyz"}',
)


def rule(outcome: Outcome, **fits: object) -> Rule:
    blank: dict[str, object] = {"statuses": frozenset(), "json": {}, "headers": {}, "body": None}
    return Rule(outcome=outcome, **(blank | fits))  # type: ignore[arg-type]


def test_the_first_rule_that_fits_in_everything_counts() -> None:
    rules = [
        rule(Outcome.WRONG, statuses=frozenset({302}), headers={"location": re.compile("login")}),
        rule(Outcome.REFUSED, json={"data.0.id": "7"}),
        rule(Outcome.LIMITED, body=re.compile("no such text")),
        rule(Outcome.ACCEPTED, statuses=frozenset({302}), json={"data.0.id": 7}, body=re.compile("xyz")),
        rule(Outcome.WRONG, statuses=frozenset({302})),
    ]

    assert judged(REPLY, rules) is Outcome.ACCEPTED


@pytest.mark.parametrize(("status", "outcome"), [(503, Outcome.ERROR), (418, Outcome.UNKNOWN), (200, Outcome.UNKNOWN)])
def test_what_no_rule_fits_is_an_error_or_unknown(status: int, outcome: Outcome) -> None:
    assert judged(Reply(status=status, headers=(), body=b""), []) is outcome


@pytest.mark.parametrize(
    ("source", "what", "value"),
    [
        (Source.JSON, "data.0.id", "7"),
        (Source.JSON, "data.1.id", None),
        (Source.COOKIE, "a", "1"),
        (Source.COOKIE, "b", None),
        (Source.HEADER, "location", "/home"),
        (Source.BODY, "token=(\\w+)", "xyz"),
        (Source.BODY, "token=([0-9]+)", None),
    ],
)
def test_values_are_captured_as_text(source: Source, what: str, value: str | None) -> None:
    assert captured(REPLY, Capture(source=source, what=what)) == value


def test_deleted_cookies_are_told_from_set_ones() -> None:
    assert REPLY.set_cookies() == {"a": "1", "b": None}
    assert REPLY.retry_after() == 30


@pytest.mark.parametrize(("path", "found"), [("", {"a": [1]}), ("a.0", 1), ("a.1", None), ("b", None), ("a.x", None)])
def test_paths_lead_through_objects_and_lists(path: str, found: Json) -> None:
    assert at_path({"a": [1]}, path) == found


def test_placeholders_are_encoded_where_they_stand() -> None:
    variables: dict[str, str | int] = {"url": "http://h/p", "email": "a+b@c", "seconds": 31}

    assert filled_url("{url}/m?to={email}", variables) == "http://h/p/m?to=a%2Bb%40c"
    assert filled_json({"s": "{seconds}", "t": ["in {seconds} s"], "n": None}, variables) == {
        "s": 31,
        "t": ["in 31 s"],
        "n": None,
    }


def test_wrong_guesses_look_like_the_code_and_are_none() -> None:
    guesses = list(wrong_codes("A-B", "AB"))

    assert guesses == ["B-A", "B-B", "A-A"]
    assert next(wrong_codes("999999", "0123456789")) == "000000"
    assert len(set(wrong_codes("042", "0123456789", start=77))) == 999


@pytest.mark.parametrize(("hits", "chance"), [(0, 1.0), (1, 0.75), (2, 0.25)])
def test_the_chance_of_as_many_hits(hits: int, chance: float) -> None:
    assert at_least(hits, 2, 0.5) == pytest.approx(chance)
