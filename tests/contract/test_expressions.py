"""A40: no value ever becomes part of an expression; all of them travel as placeholders."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import otpost
from otpost.aws.challenges import DynamoChallenges
from otpost.aws.identities import DynamoIdentities
from tests.backends.account import Account
from tests.contract.samples import NOW, draw, new_challenge

LAYER = Path(otpost.__file__).parent
_WORDS = r"SET|ADD|REMOVE|AND|OR|NOT|size|contains|attribute_exists|attribute_not_exists|if_not_exists"
_PLACEHOLDERS_ONLY = re.compile(rf"(?:{_WORDS}|[#:][0-9]+|[ (),=<>+-])+")
HOSTILE = "x' OR attribute_exists(#pk) OR :0 = :0 /*{0}%s;--#0:1"


def built_from_values(source: str) -> list[int]:
    """Return the lines of *source* that give an `…Expression` a text put together at run time."""
    return [value.lineno for value in _expressions(ast.parse(source)) if _is_built(value)]


def _expressions(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield what is given to a name, member, keyword or key that ends in Expression."""
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg=str(name), value=value) if name.endswith("Expression"):
                yield value
            case ast.Dict(keys=keys, values=values):
                yield from (value for key, value in zip(keys, values, strict=True) if _names_expression(key))
            case ast.Assign(targets=targets, value=value) if any(map(_names_expression, targets)):
                yield value
            case (
                ast.AnnAssign(target=target, value=ast.expr() as value) | ast.AugAssign(target=target, value=value)
            ) if _names_expression(target):
                yield value


def _names_expression(node: ast.expr | None) -> bool:
    match node:
        case ast.Constant(value=str(name)) | ast.Name(id=name) | ast.Attribute(attr=name):
            return name.endswith("Expression")
        case ast.Subscript(slice=key):
            return _names_expression(key)
    return False


def _is_built(value: ast.expr) -> bool:
    """Say whether *value* is anything but a constant."""
    return not isinstance(value, ast.Constant)


def test_no_source_of_the_layer_builds_an_expression_of_its_own() -> None:
    """PynamoDB writes them all, from attributes and values."""
    files = sorted(LAYER.rglob("*.py"))

    assert len(files) > 30
    assert {str(file): lines for file in files if (lines := built_from_values(file.read_text()))} == {}


@pytest.mark.parametrize(
    "line",
    [
        'client.update_item(UpdateExpression=f"SET {name} = :a")',
        'client.update_item(UpdateExpression="SET %s = :a" % name)',
        'client.update_item(ConditionExpression="SET {} = :a".format(name))',
        'arguments = {"ConditionExpression": "a = " + value}',
        'arguments["ConditionExpression"] = "".join(parts)',
        'arguments["ConditionExpression"] += " AND x"[:size]',
        "FilterExpression = text",
        'KeyConditionExpression: str = f"{a}"',
    ],
)
def test_the_check_finds_what_it_looks_for(line: str) -> None:
    assert built_from_values(line) == [1]


def _sent(parameters: Any) -> Iterator[str]:
    """Yield every expression of a request."""
    if isinstance(parameters, dict):
        for name, value in parameters.items():
            if name.endswith("Expression"):
                yield value
            else:
                yield from _sent(value)
    elif isinstance(parameters, list):
        for value in parameters:
            yield from _sent(value)


def test_hostile_values_change_no_expression(
    account: Account, challenges: DynamoChallenges, identities: DynamoIdentities
) -> None:
    def run(text: str, secret: bytes) -> list[str]:
        start = len(account.wire.calls)
        challenge = new_challenge(
            email=text, identity=text, window=text, purpose=text, transaction={text: text}, transaction_hash=text
        )
        source = text or "source"
        taking = draw(address=text, source=source)
        challenges.open(challenge, siblings=frozenset({new_challenge().key}), draw=taking, now=NOW)
        for correct in (False, True):
            challenges.spend_attempt(
                challenge.key, attempt_id=secret, correct=correct, purpose=text, transaction_hash=text, now=NOW
            )
        challenges.ask_again(challenge, draw=taking, now=NOW)
        challenges.lease_mail(challenge.key, lease_id=b"lease", until=NOW, now=NOW)
        challenges.record_sent(challenge.key, mails=1)
        challenges.cancel(challenge.key, now=NOW)
        identities.add_failure(text, attempt_id=secret)
        identities.record_success(text, verified_at=NOW)
        return [expression for call in account.wire.calls[start:] for expression in _sent(call.parameters)]

    plain, hostile = run("plain", b"1" * 16), run(HOSTILE, HOSTILE.encode())

    assert len(plain) > 20
    assert hostile == plain
    assert [expression for expression in plain if not _PLACEHOLDERS_ONLY.fullmatch(expression)] == []
