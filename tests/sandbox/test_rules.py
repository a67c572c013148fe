"""EventBridge patterns match as EventBridge matches them."""

from typing import Any

import pytest

from otpost_tools.sandbox.errors import TemplateError
from otpost_tools.sandbox.rules import matches

EVENT = {"source": "aws.ses", "detail": {"tags": {"set": ["one", "two"]}, "code": "550", "count": 3}}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({}, True),
        ({"source": ["aws.ses"]}, True),
        ({"source": ["other", "aws.ses"]}, True),
        ({"source": ["other"]}, False),
        ({"absent": ["x"]}, False),
        ({"detail": {"tags": {"set": ["two"]}}}, True),
        ({"detail": {"tags": {"set": ["three"]}}}, False),
        ({"detail": {"count": [3]}}, True),
        ({"source": ["aws.ses"], "detail": {"count": [4]}}, False),
        ({"source": [{"prefix": "aws."}]}, True),
        ({"source": [{"suffix": ".ses"}]}, True),
        ({"source": [{"prefix": "com."}]}, False),
        ({"source": [{"anything-but": "aws.ses"}]}, False),
        ({"source": [{"anything-but": ["x"]}]}, True),
        ({"source": [{"exists": True}]}, True),
        ({"absent": [{"exists": False}]}, True),
        ({"absent": [{"exists": True}]}, False),
        ({"source": {"deeper": ["x"]}}, False),
    ],
)
def test_pattern_matches_or_not(pattern: dict[str, Any], expected: bool) -> None:  # noqa: FBT001
    assert matches(pattern, EVENT) is expected


def test_unknown_pattern_is_said() -> None:
    with pytest.raises(TemplateError, match="numeric"):
        matches({"detail": {"count": [{"numeric": [">", 1]}]}}, EVENT)
