"""Each classic flaw of a verifier is found, under its own name, and nothing in a verifier without one (A3, A4, A10)."""

import sys
from pathlib import Path

import pytest

from tests.torture.conftest import HERE, Torture
from tests.torture.products import served, url_of
from tests.torture.verifier import Flaw

MEASURED = {"winners", "evaluated", "after_limit", "reuse", "resent", "address", "lost_right", "lost_wrong"}


def test_a_right_product_holds_everything(torture: Torture) -> None:
    with served() as server:
        told = torture(url_of(server))

    assert told.with_verdict("held") == MEASURED
    assert told.findings["restarted"]["measured"] == "no --restart command was given"
    assert told.findings["evaluated"]["counts"]["answered_as_wrong"] == [4, 4, 4, 4]
    assert told.findings["winners"]["counts"]["winners"] == [1, 1, 1, 1]
    assert told.findings["address"]["counts"] == {"judged": [12], "codes": [3], "seconds": [0]}
    assert told.findings["lost_wrong"]["counts"] == {"attempts_spent": [1, 1, 1, 1]}
    assert told.code == 0


@pytest.mark.parametrize(
    ("flaw", "violated"),
    [
        (Flaw.RACES, {"winners", "evaluated", "after_limit", "resent"}),
        (Flaw.COUNTS_LATE, {"evaluated", "after_limit"}),
        (Flaw.HAS_NO_LIMIT, {"evaluated", "after_limit", "address"}),
        (Flaw.LIMITS_WRONG_ONLY, {"after_limit"}),
        (Flaw.LETS_CODES_BE_REUSED, {"winners", "after_limit", "reuse", "resent", "lost_right"}),
        (Flaw.LOSES_CONTENDED_CODES, {"winners", "resent", "lost_right"}),
        (Flaw.KEEPS_OLD_CODES, {"resent"}),
        (Flaw.GIVES_CODES_ENDLESSLY, {"address"}),
        (Flaw.IGNORES_KEYS, {"lost_right", "lost_wrong"}),
        (Flaw.COUNTS_REPEATS, {"lost_wrong"}),
    ],
)
def test_a_flaw_is_found_and_named(torture: Torture, flaw: Flaw, violated: set[str]) -> None:
    with served(flaw) as server:
        told = torture(url_of(server))

    assert told.with_verdict("VIOLATED") == violated
    assert told.code == 1


@pytest.mark.parametrize(("flaws", "verdict"), [((), "held"), ((Flaw.FORGETS_ON_RESTART,), "VIOLATED")])
def test_a_restart_that_forgets_is_found(torture: Torture, flaws: tuple[Flaw, ...], verdict: str) -> None:
    """A10."""
    with served(*flaws) as server:
        program = f"from urllib.request import urlopen; urlopen('{url_of(server)}/restart', b'{{}}')"
        told = torture(url_of(server), "--restart", f'{sys.executable} -c "{program}"')

    assert told.findings["restarted"]["verdict"] == verdict
    assert told.findings["restarted"]["counts"]["used"] == 4
    assert told.findings["restarted"]["counts"]["exhausted"] == 8


@pytest.mark.parametrize(("flaws", "verdict"), [((), "held"), ((Flaw.RACES,), "VIOLATED")])
def test_where_dead_codes_answer_wrong_a_right_guess_among_the_wrong_ones_tells(
    torture: Torture, flaws: tuple[Flaw, ...], verdict: str
) -> None:
    """The wrong answers of a dead code reveal nothing; counting them would wrong a product that is right."""
    with served(*flaws, is_mute=True) as server:
        told = torture(url_of(server), "-n", "10", "-p", "16")

    finding = told.findings["evaluated"]
    assert finding["verdict"] == verdict
    assert finding["counts"]["answered_as_wrong"][0] > 4
    assert told.findings["address"]["counts"]["judged"] == [12] * 2


def test_a_product_without_a_declared_limit_is_measured_and_not_judged(torture: Torture, tmp_path: Path) -> None:
    adapter = tmp_path / "silent.toml"
    adapter.write_text((HERE / "json_product.toml").read_text().replace("attempts_per_code = 4", ""))

    with served(Flaw.HAS_NO_LIMIT) as server:
        told = torture(url_of(server), "-p", "24", adapter=adapter)

    assert told.with_verdict("no promise") == {"evaluated", "after_limit"}
    assert told.findings["evaluated"]["counts"]["answered_as_wrong"] == [24] * 4


def test_a_product_that_says_codes_work_more_than_once_is_measured_and_not_judged(
    torture: Torture, tmp_path: Path
) -> None:
    adapter = tmp_path / "frank.toml"
    adapter.write_text((HERE / "json_product.toml").read_text().replace("[limits]", "[limits]\nsingle_use = false"))

    with served(Flaw.LETS_CODES_BE_REUSED) as server:
        told = torture(url_of(server), adapter=adapter)

    assert told.with_verdict("no promise") == {"winners", "reuse", "resent", "lost_right"}
    assert told.findings["winners"]["counts"]["winners"] == [8] * 4
    assert told.with_verdict("VIOLATED") == {"after_limit"}


def test_rate_limits_that_answer_before_the_verifier_are_no_lost_success(torture: Torture, tmp_path: Path) -> None:
    adapter = tmp_path / "patient.toml"  # with a clock, though an idle one, waiting takes no time
    adapter.write_text((HERE / "json_product.toml").read_text() + '\n[clock]\npath = "/restart"\n')

    with served(answers_before_busy=12) as server:
        told = torture(url_of(server), adapter=adapter)

    assert told.with_verdict("VIOLATED") == set()
    assert told.findings["winners"]["verdict"] == "not measured"
    assert "rate limits" in told.findings["winners"]["measured"]
    assert told.code == 3


def test_forms_sessions_and_csrf_tokens_are_spoken(torture: Torture) -> None:
    """Such a product has no idempotency key: the repeat of a lost success finds the code used."""
    with served() as server:
        told = torture(url_of(server), adapter=HERE / "form_product.toml")

    assert told.with_verdict("held") == {"winners", "evaluated", "after_limit", "reuse"}
    assert told.with_verdict("VIOLATED") == {"lost_right"}
    assert told.with_verdict("no promise") == {"address", "lost_wrong"}
    assert told.findings["lost_wrong"]["counts"] == {"attempts_spent": [2, 2, 2, 2]}


def test_too_few_parallel_requests_measure_no_limit(torture: Torture) -> None:
    with served() as server:
        told = torture(url_of(server), "-p", "4")

    assert told.with_verdict("not measured") == {"evaluated", "after_limit", "restarted", "lost_wrong"}
    assert "more parallel requests" in told.findings["evaluated"]["measured"]
    assert told.code == 3


def test_the_table_shows_each_property_with_its_verdict(torture: Torture) -> None:
    with served(Flaw.LETS_CODES_BE_REUSED) as server:
        told = torture(url_of(server), as_json=False)

    assert "exactly 1" in told.output
    assert "VIOLATED" in told.output
    assert "at most 4" in told.output
    assert "4 rounds of 8 at once, at most" in told.errors
