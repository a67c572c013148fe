"""The steps of `otpost demo`: each asks the stack for something, checks what came, and returns what there is to see."""

from collections.abc import Callable
from dataclasses import dataclass

from otpost_tools.client import Members
from otpost_tools.commands.output import clock_time, moment, span
from otpost_tools.commands.receipt_check import Expected, ForgedError, checked_claims
from otpost_tools.commands.story import PURPOSE, Story, UnexpectedError, require


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """*act* does it and returns what there is to see."""

    title: str
    why: str
    act: Callable[[Story], str]


def ask(story: Story) -> str:
    story.challenge = story.issue(story.ada)
    life = moment(story.challenge["expires_at"]) - story.client.time()
    return (
        f"202  reference {story.challenge['reference']}, {story.challenge['code_length']} digits, "
        f"{story.challenge['attempts_left']} attempts, expires in {span(life.total_seconds())}"
    )


def read_mail(story: Story) -> str:
    story.code = story.codes_mailed(story.ada, count=1)[0]
    mail = story.client.messages(story.ada)[0]
    if str(story.challenge["reference"]) not in str(mail["subject"]):
        raise UnexpectedError(expected="the reference in the subject", came=str(mail["subject"]))
    return f"“{mail['subject']}” with the code {story.code}"


def guess_wrong(story: Story) -> str:
    wrong = f"{(int(story.code) + 1) % 10 ** len(story.code):0{len(story.code)}d}"
    before = int(str(story.challenge["attempts_left"]))
    require(story.verify(wrong), 401, code="wrong_code", attempts_left=before - 1)
    return f"401  wrong_code, attempts_left {before - 1}"


def send_nonsense(story: Story) -> str:
    before = story.status()["attempts_left"]
    code = story.code
    nonsense: tuple[object, ...] = (code[:-1], int(code), code.translate(_FULL_WIDTH), None, [code])
    for entry in nonsense:
        require(story.verify(entry), 400, code="invalid_request")
    if (after := story.status()["attempts_left"]) != before:
        raise UnexpectedError(expected=f"attempts_left {before}", came=f"attempts_left {after}")
    return f"400  invalid_request, {len(nonsense)} times; attempts_left still {before}"


def enter_right(story: Story) -> str:
    answer = story.verify(story.code, key=story.success_key)
    require(answer, 200, verdict="accepted", email=story.ada, purpose=PURPOSE)
    story.claims = _checked(story, answer.text("receipt"))
    return "200  accepted, with a receipt"


def read_receipt(story: Story) -> str:
    valid = int(str(story.claims["exp"])) - int(str(story.claims["iat"]))
    jti, aud = str(story.claims["jti"])[:12], story.claims["aud"]
    return f"ES256 signature valid; jti {jti}…, aud {aud}, nonce ours, valid for {span(valid)}"


def use_again(story: Story) -> str:
    require(story.verify(story.code), 410, code="challenge_consumed")
    return "410  challenge_consumed"


def repeat_request(story: Story) -> str:
    answer = story.verify(story.code, key=story.success_key)
    require(answer, 200, verdict="accepted")
    claims = _checked(story, answer.text("receipt"))
    if claims["jti"] != story.claims["jti"]:
        raise UnexpectedError(expected=f"jti {story.claims['jti']}", came=f"jti {claims['jti']}")
    return "200  accepted, the same jti"


def send_again(story: Story) -> str:
    story.challenge = story.issue(story.brian)
    story.codes_mailed(story.brian, count=1)
    story.client.advance(31)
    require(story.client.act("resend", str(story.challenge["challenge_id"])), 202)
    codes = story.codes_mailed(story.brian, count=2)
    if codes[0] != codes[1]:
        raise UnexpectedError(expected=f"the code {codes[1]} again", came=codes[0])
    story.code = codes[0]
    return f"202  two mails, one code: {story.code}"


def let_expire(story: Story) -> str:
    left = moment(story.status()["expires_at"]) - story.client.time()
    story.client.advance(int(left.total_seconds()) + 1)
    require(story.verify(story.code), 410, code="challenge_expired")
    return f"410  challenge_expired, at {clock_time(story.client.time().timestamp())}"


def ask_too_often(story: Story) -> str:
    for _ in range(5):
        story.issue(story.carol)
        story.client.advance(31)
    answer = story.client.issue({"email": story.carol, "purpose": PURPOSE})
    require(answer, 429, code="rate_limited")
    if not answer.headers.get("retry-after", "").isdigit():
        raise UnexpectedError(expected="a Retry-After header", came=str(answer.headers.get("retry-after")))
    return f"429  rate_limited, possible again in {span(int(answer.headers['retry-after']))}"


def _checked(story: Story, receipt: str) -> Members:
    expected = Expected(email=story.ada, purpose=PURPOSE, nonce=story.nonce, now=story.client.time())
    try:
        return checked_claims(receipt, story.client.keys().members, expected=expected)
    except ForgedError as error:
        raise UnexpectedError(expected="a genuine receipt", came=str(error)) from error


_FULL_WIDTH = {ord(str(digit)): chr(ord("０") + digit) for digit in range(10)}

STEPS = (
    Step(
        title="Ask for a code",
        act=ask,
        why="The relying party gets a challenge id. The code itself goes only into the mail.",
    ),
    Step(
        title="Read the mail",
        act=read_mail,
        why="The subject carries the same reference, so the claimant finds the right mail.",
    ),
    Step(
        title="Enter a wrong code",
        act=guess_wrong,
        why="Counted by the same write that decides: no race buys a free guess.",
    ),
    Step(
        title="Enter nonsense",
        act=send_nonsense,
        why="One digit short, a number, full-width digits, null, a list: refused, and no attempt is spent.",
    ),
    Step(
        title="Enter the right code",
        act=enter_right,
        why="One conditional write spends the attempt and consumes the challenge.",
    ),
    Step(
        title="Verify the receipt",
        act=read_receipt,
        why="Checked with PyJWT against the published keys, as a relying party would.",
    ),
    Step(title="Use the code again", act=use_again, why="A code works once."),
    Step(
        title="Repeat the first request",
        act=repeat_request,
        why="Its answer might have been lost: the same Idempotency-Key fetches the same success.",
    ),
    Step(
        title="Send again",
        act=send_again,
        why="A resend carries the same code, so it does not matter which mail arrives first.",
    ),
    Step(
        title="Wait too long",
        act=let_expire,
        why="Expiry is compared on every use; here by moving the sandbox's clock.",
    ),
    Step(
        title="Ask too often",
        act=ask_too_often,
        why="Five codes an hour for one address; the sixth is told when to come back.",
    ),
)
