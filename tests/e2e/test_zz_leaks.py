"""A14, A15, A16: reads every place that the whole session can have written to, at DEBUG, and finds no secret there.

Named to run last in this folder, so that it reads what all stories before it caused; alone it tells one of its own,
with every kind of secret and every kind of answer.
"""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.leaks import Kind, Scanner, Told
from tests.e2e.places import Places, impatient, read, spoil
from tests.e2e.processes import stopped
from tests.e2e.stories import Story, fresh_address, fresh_key, wrong
from tests.sandboxes import Sandbox

REPOSITORY = Path(__file__).parents[2]
RUNTIME = REPOSITORY / ".venv-runtime" / "bin" / "python"
PAYMENT = {"payee": "Eve Example of Example Street", "amount": "1234567.89 EUR"}
KEPT_LINES = 50_000
IDS = frozenset({Kind.CHALLENGE_ID})
BELONGS = {"mail queue": IDS, "dead letters": IDS}
"""What may stand where: nothing but ids in the queues. What a challenge's own item holds is not in the texts at all."""


def tell(story: Story) -> None:
    """Let everything happen that a request can lead to."""
    email, key = fresh_address(), fresh_key()
    paid = story.issued(email, key=key, purpose="transaction", nonce="nonce-of-the-leak-scan", transaction=PAYMENT)
    code = story.code(email)
    story.issue(email, key=key, purpose="transaction", nonce="nonce-of-the-leak-scan", transaction=PAYMENT)
    story.issue(email)
    bound: dict[str, Any] = {"purpose": "transaction", "transaction": PAYMENT}
    story.verify(paid, wrong(code), key=fresh_key(), **bound)
    story.verify(paid, code)
    with stopped(story.sandbox.backends()):
        story.verify(paid, code, key=key, **bound)
    story.verify(paid, code, key=key, **bound)
    story.verify(paid, code, key=key, **bound)
    story.verify(paid, code, **bound)
    for verb in ("status", "cancel", "resend"):
        story.sandbox.client.act(verb, paid)
    story.issue(f"{email}, eve@example.com")
    story.sandbox.client.keys()


def leave_messages(story: Story, sandbox: Sandbox) -> None:
    """Ask for a mail that cannot be made: its message fails again and again, and ends as a dead letter."""
    email = fresh_address()
    challenge_id = story.issued(email)
    story.code(email)
    story.advance(31)
    spoil(sandbox, email)
    assert sandbox.client.act("resend", challenge_id).status == 202


@pytest.fixture(scope="module")
def places(sandbox: Sandbox, told: Told) -> Places:
    """Return what is in every place after everything."""
    story = Story(sandbox=sandbox, told=told)
    tell(story)
    with impatient(sandbox):
        leave_messages(story, sandbox)
        return read(sandbox)


@pytest.fixture(scope="module")
def scanner(places: Places, told: Told) -> Scanner:
    """Return a scanner that knows every secret told so far."""
    return Scanner(told)


def test_no_secret_is_in_any_place(
    places: Places, scanner: Scanner, told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    """A14, A15, A16, A17: neither plain nor encoded nor hashed."""
    texts = places.texts()
    leaks = {place: scanner.find(text, allowed=BELONGS.get(place, frozenset())) for place, text in texts.items()}
    with capsys.disabled():
        print("\n" + summary(places, scanner, told))

    assert {place: found for place, found in leaks.items() if found} == {}


def test_every_place_was_read_and_every_kind_of_secret_was_told(places: Places, told: Told) -> None:
    """Otherwise finding nothing would mean nothing."""
    assert set(told.secrets) == set(Kind)
    assert all(places.texts().values())
    assert len(places.logs) < KEPT_LINES  # none was dropped
    assert {"Challenges", "Attempts", "Resends", "Mails"} <= set(
        re.findall(r'"message":"(\w+)"', places.texts()["logs"])
    )
    assert '"reason":"unavailable"' in places.texts()["logs"]


def test_a_queue_holds_nothing_but_ids(places: Places, told: Told) -> None:
    """A16."""
    bodies = {json.loads(message)["Body"] for message in [*places.queue, *places.dead_letters]}

    assert bodies
    assert bodies <= told.secrets[Kind.CHALLENGE_ID]
    assert not any("MessageAttributes" in json.loads(message) for message in [*places.queue, *places.dead_letters])


def test_an_address_is_in_its_own_challenge_only(places: Places, told: Told) -> None:
    """A14: each item of a challenge holds one address that a story gave, and nothing else holds any (see above)."""
    stored = [item["email"]["S"].partition("\r")[0] for item in places.challenges]

    assert stored
    assert set(stored) <= told.secrets[Kind.ADDRESS]


def test_only_our_own_lines_are_printed_at_debug(places: Places) -> None:
    """A15: botocore, urllib3 and pynamodb print whole requests at DEBUG. Their loggers stay at WARNING."""
    names = {line["function"] for line in places.logs if line["function"].endswith("Function")}
    ours = re.compile(r"\{.*\}|(START|END|REPORT) RequestId: .*|.* Task timed out after .*", re.DOTALL)
    others = [line["line"] for line in places.logs if line["function"] in names and not ours.fullmatch(line["line"])]

    assert len(names) == 5
    assert [line for line in others if not line.startswith(("[ERROR]", "Traceback", "LAMBDA_WARNING"))] == []


def test_the_loggers_of_libraries_stay_at_warning_when_everything_else_is_at_debug() -> None:
    """A15: in the functions' own environment, whatever the root logger is set to."""
    script = (
        "import logging, os; os.environ['POWERTOOLS_LOG_LEVEL'] = 'DEBUG'; logging.basicConfig(level=logging.DEBUG);"
        "from otpost import telemetry; log = telemetry.logger();"
        "names = ['boto3', 'botocore.endpoint', 'botocore.parsers', 'urllib3.connectionpool', 'pynamodb.connection'];"
        "print(log.log_level, {logging.getLogger(name).getEffectiveLevel() for name in names})"
    )
    command = [str(RUNTIME), "-c", script]
    done = subprocess.run(command, cwd=REPOSITORY / "layers" / "core", capture_output=True, text=True, check=True)

    assert done.stdout.split("\n")[-2] == "10 {30}"


def test_no_function_can_write_into_a_trace() -> None:
    """A15: Lambda traces a run by its name and its time; adding to that takes X-Ray's library, which is not there."""
    command = [str(RUNTIME), "-c", "import importlib.util; print(importlib.util.find_spec('aws_xray_sdk'))"]
    sources = [*REPOSITORY.glob("functions/**/*.py"), *REPOSITORY.glob("layers/core/**/*.py")]

    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "None\n"
    assert sources
    assert [path for path in sources if re.search(r"\bTracer\b|xray_sdk|opentelemetry", path.read_text())] == []


def summary(places: Places, scanner: Scanner, told: Told) -> str:
    """Return what was looked for, and in how much."""
    counts = ", ".join(f"{len(told.secrets[kind])} × {kind}" for kind in Kind)
    sizes = ", ".join(f"{place} {len(text.encode()):,} B" for place, text in places.texts().items())
    held = len(places.challenges) + len(places.others), len(places.queue) + len(places.dead_letters)
    return (
        f"leak scan: {counts}; {scanner.forms:,} forms; in {len(places.logs):,} log lines, {held[0]:,} items, "
        f"{held[1]} messages: {sizes}"
    )
