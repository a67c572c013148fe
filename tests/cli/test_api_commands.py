"""`otpost issue`, `verify`, `resend`, `status`, `cancel` and `inbox` against a stack in memory."""

import json

import pytest

from tests.cli.conftest import Otpost
from tests.cli.fake_stack import FakeStack


@pytest.fixture
def challenge_id(otpost: Otpost) -> str:
    issued = otpost("issue", "ada@example.com", "--purpose", "sign_in", "--json")
    return str(json.loads(issued.stdout)["challenge_id"])


@pytest.fixture
def code(otpost: Otpost, challenge_id: str) -> str:
    return otpost("inbox", "--to", "ada@example.com", "--code").stdout.strip()


def test_issue_prints_what_the_stack_answered(otpost: Otpost) -> None:
    result = otpost("issue", "ada@example.com", "--purpose", "sign_in")

    assert result.exit_code == 0
    assert "A code is on its way to ada@example.com" in result.stdout
    assert "KQ7" in result.stdout


def test_issue_sends_transaction_and_nonce_as_given(otpost: Otpost, stack: FakeStack) -> None:
    result = otpost("issue", "ada@example.com", "--purpose", "transaction", "--nonce", "n-1",
                    "--transaction", "amount=120.00 EUR", "--transaction", "memo=a=b", "--json")  # fmt: skip

    challenge = stack.challenges[json.loads(result.stdout)["challenge_id"]]
    assert challenge.transaction == {"amount": "120.00 EUR", "memo": "a=b"}
    assert challenge.nonce == "n-1"


@pytest.mark.parametrize("value", ["amount", "=120", ""])
def test_a_transaction_that_is_no_pair_is_wrong_usage(otpost: Otpost, stack: FakeStack, value: str) -> None:
    result = otpost("issue", "ada@example.com", "--purpose", "transaction", "--transaction", value)

    assert result.exit_code == 2
    assert not stack.challenges


def test_a_transaction_name_given_twice_is_wrong_usage(otpost: Otpost, stack: FakeStack) -> None:
    result = otpost(
        "issue", "a@example.com", "--purpose", "transaction", "--transaction", "a=1", "--transaction", "a=2"
    )

    assert result.exit_code == 2
    assert not stack.challenges


def test_issue_with_an_idempotency_key_can_be_repeated(otpost: Otpost) -> None:
    command = ("issue", "ada@example.com", "--purpose", "sign_in", "--json", "--idempotency-key", "0123456789abcdef")

    assert otpost(*command).stdout == otpost(*command).stdout


def test_verify_accepts_the_mailed_code(otpost: Otpost, challenge_id: str, code: str) -> None:
    result = otpost("verify", challenge_id, code, "--purpose", "sign_in", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout)["verdict"] == "accepted"


def test_verify_reads_the_code_from_standard_input(otpost: Otpost, challenge_id: str, code: str) -> None:
    result = otpost("verify", challenge_id, "-", "--purpose", "sign_in", stdin=f"{code}\n")

    assert result.exit_code == 0
    assert "Accepted" in result.stdout


def test_a_wrong_code_exits_1_and_says_what_is_left(otpost: Otpost, challenge_id: str, code: str) -> None:
    wrong = "000000" if code != "000000" else "000001"

    result = otpost("verify", challenge_id, wrong, "--purpose", "sign_in")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "401 wrong_code" in result.stderr
    assert "Attempts left: 4" in result.stderr


def test_a_refusal_as_json_is_the_problem_itself(otpost: Otpost, challenge_id: str) -> None:
    result = otpost("verify", challenge_id, "1", "--purpose", "sign_in", "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["code"] == "invalid_request"


def test_a_malformed_request_says_where(otpost: Otpost) -> None:
    result = otpost("issue", "nobody", "--purpose", "sign_in")

    assert result.exit_code == 1
    assert "#/email" in result.stderr


def test_resend_too_early_says_when(otpost: Otpost, challenge_id: str) -> None:
    result = otpost("resend", challenge_id)

    assert result.exit_code == 1
    assert "429 rate_limited" in result.stderr
    assert "Again in 30 s" in result.stderr


def test_status_follows_cancel(otpost: Otpost, challenge_id: str) -> None:
    assert otpost("cancel", challenge_id).exit_code == 0

    assert json.loads(otpost("status", challenge_id, "--json").stdout)["verdict"] == "cancelled"


def test_inbox_lists_and_prints_the_newest(otpost: Otpost, challenge_id: str, code: str) -> None:
    result = otpost("inbox")

    assert result.exit_code == 0
    assert "reference KQ7" in result.stdout
    assert code in result.stdout


def test_inbox_as_json_is_the_list(otpost: Otpost, challenge_id: str) -> None:
    messages = json.loads(otpost("inbox", "--json").stdout)

    assert [message["to"] for message in messages] == ["ada@example.com"]


@pytest.mark.parametrize("arguments", [(), ("--code",), ("--to", "ada@example.com")])
def test_an_empty_inbox_exits_1(otpost: Otpost, arguments: tuple[str, ...]) -> None:
    result = otpost("inbox", *arguments)

    assert result.exit_code == 1
    assert result.stdout == ""


def test_markup_in_an_answer_is_shown_as_text(otpost: Otpost) -> None:
    result = otpost("issue", "[bold]x[/]@example.com", "--purpose", "sign_in")

    assert "[bold]x[/]@example.com" in result.stdout
