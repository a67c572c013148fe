"""One wrong guess beside an honest claimant, which the kit has no row for: python resend_race.py URL [ROUNDS].

A wrong guess takes the stored code out of the table, compares, and puts it back as the newest row of its address.
Counted here, on a Better Auth that run.sh started: how often a code that was asked for in between is dead on arrival
while the one it replaced works, and how often the right code, beside one wrong guess, is called invalid.
"""

import json
import random
import re
import secrets
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

_POOL = ThreadPoolExecutor(2)


class Claimant:
    """A fresh address of the Better Auth at *url*."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._address = f"claimant-{secrets.token_hex(6)}@example.com"

    def ask(self) -> int:
        """Ask for a code; return the status."""
        return self._post("email-otp/send-verification-otp", {"email": self._address, "type": "sign-in"})

    def present(self, code: str) -> bool:
        """Present *code*; return whether it was accepted."""
        return self._post("sign-in/email-otp", {"email": self._address, "otp": code}) == 200

    def codes(self) -> list[str]:
        """The codes that were mailed, newest first."""
        with urllib.request.urlopen(f"{self._url}/inbox?to={self._address}") as answer:
            return [re.search(r"[0-9]{6}", mail["text"])[0] for mail in json.load(answer)]

    def _post(self, path: str, body: dict[str, str]) -> int:
        headers = {"Content-Type": "application/json", "Origin": self._url}
        request = urllib.request.Request(f"{self._url}/api/auth/{path}", json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status
        except urllib.error.HTTPError as refusal:
            return refusal.code


def beside_a_wrong_guess(claimant: Claimant, act: Callable[[], object]) -> object:
    """Do *act* within 10 ms of the start of a wrong guess; return what it returns."""
    wrong = f"{(int(claimant.codes()[0]) + 1) % 10**6:06}"
    start = threading.Barrier(2)
    guess = _POOL.submit(lambda: (start.wait(), claimant.present(wrong)))
    acted = _POOL.submit(lambda: (start.wait(), time.sleep(random.uniform(0, 0.01)), act())[-1])
    guess.result()
    return acted.result()


def dead_on_arrival(url: str) -> bool:
    """Whether a resend beside a wrong guess mails a code that does not work, while the replaced one does."""
    claimant = Claimant(url)
    claimant.ask()
    beside_a_wrong_guess(claimant, claimant.ask)
    newest, replaced = claimant.codes()
    return not claimant.present(newest) and claimant.present(replaced)


def called_invalid(url: str) -> bool:
    """Whether the right code beside a wrong guess is refused at first, and accepted when presented again."""
    claimant = Claimant(url)
    claimant.ask()
    code = claimant.codes()[0]
    return not beside_a_wrong_guess(claimant, lambda: claimant.present(code)) and claimant.present(code)


def main(url: str, rounds: int = 100) -> None:
    """Print both counts."""
    print(f"newest code dead, replaced code alive: {sum(dead_on_arrival(url) for _ in range(rounds))} of {rounds}")
    print(f"right code called invalid, then taken: {sum(called_invalid(url) for _ in range(rounds))} of {rounds}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
