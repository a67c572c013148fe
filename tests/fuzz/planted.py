"""Mistakes planted in a copy of the core, each to be found by the oracle of its parser."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.promises import REPOSITORY

CORE = REPOSITORY / "layers" / "core" / "otpost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """*before* becomes *after* in a module of the core; *oracle* must notice."""

    oracle: str
    module: str
    before: str
    after: str


MISTAKES = {
    "domains are folded as Unicode has it": Mistake(
        oracle="address",
        module="address.py",
        before="text.translate(_ASCII_LOWER), strict",
        after="text.lower(), strict",
    ),
    "full-width dots separate labels": Mistake(
        oracle="address", module="address.py", before="strict=True", after="strict=False"
    ),
    "an encoded word is let through": Mistake(
        oracle="address", module="address.py", before='_ENCODED_WORD = "=?"', after='_ENCODED_WORD = "=??"'
    ),
    "any digit is a digit": Mistake(oracle="code", module="code.py", before="[0-9]{6,10}", after=r"\d{6,10}"),
    "a code of ten digits is none": Mistake(oracle="code", module="code.py", before="{6,10}", after="{6,9}"),
    "an id has several spellings": Mistake(
        oracle="token", module="challenge_id.py", before=" or parsed.token != token", after=""
    ),
    "an id of eleven digits is read": Mistake(
        oracle="made_token", module="challenge_id.py", before=" or raw[1] not in CODE_LENGTHS", after=""
    ),
    "the last of two equal names counts": Mistake(
        oracle="body", module="request.py", before="if len(members) != len(pairs):", after="if not pairs and members:"
    ),
    "NaN is a number": Mistake(oracle="body", module="request.py", before=", parse_constant=_no_constant", after=""),
    "base64 is read loosely": Mistake(
        oracle="raw_base64", module="request.py", before="b64decode(body, validate=True)", after="b64decode(body)"
    ),
    "members are sorted by code points": Mistake(
        oracle="transaction", module="transaction.py", before='.encode("utf-16-be")', after=""
    ),
    "only ASCII controls are refused": Mistake(
        oracle="transaction",
        module="fields.py",
        before='unicodedata.category(character) == "Cc"',
        after='character < " "',
    ),
    "DER is read loosely": Mistake(oracle="signature", module="aws/signer.py", before="or der != _der(r, s)", after=""),
    "underscores are hyphens": Mistake(
        oracle="locale", module="fields.py", before="(?:-[A-Za-z", after="(?:[-_][A-Za-z"
    ),
    "a short key will do": Mistake(oracle="idempotency_key", module="request.py", before="{16,128}", after="{15,128}"),
    "IPv4 is counted by its /25": Mistake(oracle="caller_ip", module="window.py", before="24 if", after="25 if"),
}


def copied(mistake: Mistake, place: Path) -> Mapping[str, str]:
    """Copy the core into *place* with the mistake; return an environment that imports it before the true one."""
    shutil.copytree(CORE, place / "otpost", ignore=shutil.ignore_patterns("__pycache__"))
    source = place / "otpost" / mistake.module
    text = source.read_text(encoding="utf-8")
    if mistake.before not in text:
        raise LookupError(f"{mistake.module} has no {mistake.before!r} any more")
    source.write_text(text.replace(mistake.before, mistake.after), encoding="utf-8")
    return os.environ | {"PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
