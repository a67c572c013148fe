"""The whole story over `sam local start-api`: asked for and proven by HTTP, mailed by the sandbox."""

from collections.abc import Callable
from dataclasses import dataclass

from otpost_tools.client import Answer, Client, Members
from otpost_tools.commands.event_cases import another_code
from otpost_tools.commands.receipt_check import Expected, checked_claims
from otpost_tools.commands.story import PURPOSE, Story
from tests.containers.answers import words
from tests.containers.given import Account
from tests.containers.report import Report

WAY = "start-api"


@dataclass(frozen=True, slots=True)
class _Teller:
    report: Report

    def ask(self, function: str, act: str, ask: Callable[[], Answer], *, expected: str) -> Answer:
        """Ask, and report what came."""
        answer = Answer(status=0, headers={})
        with self.report.run(WAY, function, act, expected=expected) as run:
            answer = ask()
            run.came = words(answer.status, answer.text("code") or None)
        return answer


def run_story(report: Report, account: Account, port: int) -> None:
    """Tell it, and hold each answer to what the API promises."""
    account.clear()
    api, story, tell = Client(base_url=f"http://127.0.0.1:{port}"), Story(client=account.client), _Teller(report).ask
    request: Members = {"email": story.ada, "purpose": PURPOSE, "nonce": story.nonce}
    issued = tell("IssueFunction", "issue", lambda: api.issue(request), expected=words(202))
    challenge_id = issued.text("challenge_id")
    (code,) = story.codes_mailed(story.ada, count=1)
    right: Members = {"challenge_id": challenge_id, "code": code, "purpose": PURPOSE}
    wrong = right | {"code": another_code(code)}
    refusal, used = words(401, "wrong_code"), words(410, "challenge_consumed")
    tell("VerifyFunction", "verify a wrong code", lambda: api.verify(wrong), expected=refusal)
    tell("StatusFunction", "status", lambda: api.act("status", challenge_id), expected=words(200))
    proven = tell("VerifyFunction", "verify the code", lambda: api.verify(right), expected=words(200))
    tell("VerifyFunction", "verify the code again", lambda: api.verify(right), expected=used)
    tell("KeysFunction", "health", lambda: api.send("GET", "/v1/health"), expected=words(200))
    tell("KeysFunction", "openapi", lambda: api.send("GET", "/openapi.json"), expected=words(200))
    keys = tell("KeysFunction", "jwks", api.keys, expected=words(200))
    _check_receipt(report, account, story, proven.text("receipt"), keys.members)


def _check_receipt(report: Report, account: Account, story: Story, receipt: str, keys: Members) -> None:
    """One container signed it, another published the key."""
    now = account.client.time()
    expected = Expected(email=story.ada, purpose=PURPOSE, nonce=story.nonce, now=now, audience="otpost-sandbox")
    with report.run(WAY, "VerifyFunction", "the receipt, with the keys", expected="genuine") as run:
        checked_claims(receipt, keys, expected=expected)
        run.came = "genuine"
