"""The kit attacks only what its operator says is theirs, and only so much."""

import socket
from dataclasses import replace

import pytest

from otpost_tools.torture.errors import RefusedTargetError
from otpost_tools.torture.plan import Plan, checked, is_loopback, most
from otpost_tools.torture.reading import read
from tests.torture.conftest import HERE, Torture
from tests.torture.products import served, url_of

PLAN = Plan(rounds=25, parallel=64, tries=5, address="t-{run}-{n}@mail.example.dev", seed=1)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_this_machine_needs_no_leave(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["localhost.example.com", "127.0.0.1.nip.io", "0.0.0.0", "10.0.0.1", "2130706433", ""])
def test_no_other_name_passes_for_this_machine(host: str) -> None:
    assert not is_loopback(host)


def test_another_machine_is_refused_unless_its_very_host_is_named() -> None:
    for owned in (None, "example.dev", "https://codes.example.dev"):
        with pytest.raises(RefusedTargetError, match=r"--i-own-this codes\.example\.dev"):
            checked(PLAN, "https://codes.example.dev/prod", owned)

    assert checked(PLAN, "https://codes.example.dev/prod", "codes.example.dev") is PLAN


def test_no_real_mail_is_sent_to_the_example_domains() -> None:
    with pytest.raises(RefusedTargetError, match="--address"):
        checked(replace(PLAN, address="t-{run}-{n}@example.com"), "https://codes.example.dev", "codes.example.dev")


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (replace(PLAN, rounds=0), "rounds must be 1 to 200"),
        (replace(PLAN, rounds=201), "rounds must be 1 to 200"),
        (replace(PLAN, parallel=1), "parallel requests must be 2 to 256"),
        (replace(PLAN, parallel=257), "parallel requests must be 2 to 256"),
        (replace(PLAN, address="t-{n}@mail.example.dev"), "every code needs a fresh one"),
    ],
)
def test_bounds_are_kept(plan: Plan, reason: str) -> None:
    with pytest.raises(RefusedTargetError, match=reason):
        checked(plan, "http://127.0.0.1:8000", None)


def test_the_command_refuses_another_machine_before_any_request(torture: Torture) -> None:
    with served() as server:
        told = torture(f"http://another.example:{server.server_port}")
        assert server.requests == []

    assert told.code == 2
    assert "another machine" in told.errors


def test_no_more_requests_are_sent_than_announced(torture: Torture) -> None:
    plan = replace(PLAN, rounds=4, parallel=8, tries=4)
    with served() as server:
        torture(url_of(server))

    assert len(server.requests) <= most(plan, read(HERE / "json_product.toml")).requests
    assert len(server.verifier.mails) <= most(plan, read(HERE / "json_product.toml")).mails


def test_where_nothing_answers_the_run_ends_at_once(torture: Torture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    told = torture(f"http://127.0.0.1:{port}")

    assert told.code == 3
    assert "An honest claimant does not get in" in told.errors
    assert "Traceback" not in told.errors
