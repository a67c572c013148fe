"""A form: every member read by its rule, every flaw reported at once."""

import pytest

from otpost.errors import Flaw, InvalidRequest, InvalidValue
from otpost.form import Form, Member


def text(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidValue("This must be a string.")
    return value


def flaws(form: Form) -> list[Flaw]:
    with pytest.raises(InvalidRequest) as refusal:
        form.check()
    return list(refusal.value.flaws)


def test_members_are_read_by_name() -> None:
    form = Form({"a": "1"})
    a, b = form.required("a", text), form.optional("b", text)

    form.check()

    assert (a.value, a.maybe, b.maybe) == ("1", "1", None)


def test_a_missing_member_is_reported() -> None:
    form = Form({})
    form.required("a", text)

    assert flaws(form) == [Flaw(where="#/a", detail="This member is required.")]


@pytest.mark.parametrize("value", [None, 1, [], {}, False])
def test_null_and_other_types_are_not_absent(value: object) -> None:
    """A35."""
    form = Form({"a": value})
    form.optional("a", text)

    assert flaws(form) == [Flaw(where="#/a", detail="This must be a string.")]


def test_an_unknown_member_is_reported_with_those_that_are_known() -> None:
    """A45."""
    form = Form({"a": "1", "c": "2"})
    form.required("a", text)
    form.optional("b", text)

    assert flaws(form) == [Flaw(where="#/c", detail="This member is not known here; the members are: a, b.")]


def test_all_flaws_are_reported_at_once() -> None:
    form = Form({"b": 1, "d": 2, "e": 3})
    form.required("a", text)
    form.required("b", text)
    form.optional("c", text)

    assert [flaw.where for flaw in flaws(form)] == ["#/a", "#/b", "#/d", "#/e"]


def test_no_more_than_twenty_flaws_are_reported() -> None:
    """A37: an answer stays small however many members are sent."""
    assert len(flaws(Form({f"x{number}": number for number in range(1000)}))) == 20


@pytest.mark.parametrize(
    ("name", "pointer"),
    [
        ("a/b", "#/a~1b"),
        ("a~b", "#/a~0b"),
        ("~1", "#/~01"),
        ("", "#/"),
        ("\ud800", "#/?"),
        ("ü", "#/ü"),
        ("x" * 65, "#/" + "x" * 64),
        ("email ", "#/email "),
        ("Email", "#/Email"),
        ("__proto__", "#/__proto__"),
    ],
)
def test_unknown_names_are_written_as_json_pointers(name: str, pointer: str) -> None:
    """RFC 6901 §3."""
    assert [flaw.where for flaw in flaws(Form({name: "1"}))] == [pointer]


def inner(value: object) -> str:
    assert isinstance(value, dict)
    form = Form(value, pointer="#/outer")
    a = form.required("a", text)
    form.check()
    return a.value


def test_a_form_within_a_form_reports_its_flaws_with_the_others() -> None:
    form = Form({"outer": {"a": 1, "x": 2}, "y": 3})
    form.optional("outer", inner)

    assert [flaw.where for flaw in flaws(form)] == ["#/outer/a", "#/outer/x", "#/y"]


def test_a_required_value_cannot_be_read_before_the_form_is_checked() -> None:
    member = Form({}).required("a", text)

    with pytest.raises(LookupError):
        _ = member.value


def test_an_empty_value_is_a_value() -> None:
    assert Member("").value == ""
