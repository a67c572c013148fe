"""The functions of one Region: loaded as Lambda loads them, then composed anew over other ports.

Only the composition root is exchanged (the values that a module makes of its environment); what runs is the code that
ships. AWS clients are constructed and never used.
"""

import importlib.util
import itertools
import json
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from otpost.message import Composer
from otpost.policy import Policy
from otpost.ports import ChallengeStore, CodeKeys, IdentityKey, IdentityStore, Mailer, Outbox, Signer
from tests.unit.policy_json import RAW

ROOT = Path(__file__).parents[2]
REGIONS = ("eu-central-1", "eu-west-1")
DELIVERERS = 3
"""Execution environments of deliver: each works on one batch at a time."""

_serial = itertools.count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Everything around the functions of one Region."""

    challenges: ChallengeStore
    identities: IdentityStore
    outbox: Outbox
    mailer: Mailer
    code_keys: CodeKeys
    identity_key: IdentityKey
    signer: Signer


class Functions:
    """issue, verify, status and a few environments of deliver, all of one Region."""

    def __init__(self, region: str) -> None:
        self.region = region
        with environment(region):
            self.issue, self.verify, self.status = map(_loaded, ("issue", "verify", "status"))
            self.deliverers = [_loaded("deliver") for _ in range(DELIVERERS)]
        self._composer: Composer = self.deliverers[0]._delivering.composer

    def compose(self, ports: Ports, *, policy: Policy, composer: Composer | None, home: str) -> None:
        """Have the functions run over *ports*, for challenges whose home is the Region *home*.

        Without a *composer* mails are written as the stack writes them.
        """
        self.issue._region = self.verify._region = self.status._region = home
        self.issue._challenges = self.status._challenges = ports.challenges
        self.issue._issuing = replace(
            self.issue._issuing,
            challenges=ports.challenges,
            identities=ports.identities,
            outbox=ports.outbox,
            identity_key=ports.identity_key,
            policy=policy,
            region=home,
        )
        self.verify._verifying = replace(
            self.verify._verifying,
            challenges=ports.challenges,
            identities=ports.identities,
            code_keys=ports.code_keys,
            signer=ports.signer,
        )
        for deliverer in self.deliverers:
            deliverer._delivering = replace(
                deliverer._delivering,
                challenges=ports.challenges,
                code_keys=ports.code_keys,
                mailer=ports.mailer,
                composer=composer or self._composer,
                region=home,
            )

    def handler(self, function: str) -> Any:
        """Return the handler of a function that serves HTTP."""
        return getattr(self, function).handler


def _loaded(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"simulated_{next(_serial)}", ROOT / "functions" / name / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ENVIRONMENT: Mapping[str, str] = {
    "AWS_ACCESS_KEY_ID": "nobody",
    "AWS_SECRET_ACCESS_KEY": "nothing",
    "POWERTOOLS_SERVICE_NAME": "otpost-simulated",
    "POWERTOOLS_METRICS_NAMESPACE": "OTPost",
    "POWERTOOLS_LOG_LEVEL": "INFO",
    "CALLER_MODE": "browser",
    "IDENTITY_CASE": "ascii_lower",
    "POLICY": json.dumps(RAW),
    "CHALLENGE_TABLE": "challenges",
    "IDENTITY_TABLE": "identities",
    "MAIL_QUEUE_URL": "https://sqs.invalid/mail",
    "CODE_KEY_ARN": "arn:code",
    "IDENTITY_KEY_ARN": "arn:identity",
    "SIGNING_KEY_ARN": "arn:signing",
    "CONFIGURATION_SET": "codes",
    "SENDER_ADDRESS": "no-reply@otpost.example",
    "BRAND_NAME": "Example",
    "SITE_ORIGIN": "https://app.example",
    "SUPPORT_ADDRESS": "help@otpost.example",
    "FUNCTION_TIMEOUT_SECONDS": "15",
    "RECEIPT_ISSUER": "https://codes.example",
    "RECEIPT_AUDIENCE": "app",
}


@contextmanager
def environment(region: str) -> Generator[None]:
    """Give the process the environment of the functions while they load or run."""
    before = dict(os.environ)
    os.environ.update({**ENVIRONMENT, "AWS_REGION": region, "AWS_DEFAULT_REGION": region})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
