"""docs/api.md: the code that shows how to check a receipt is run, on genuine receipts and on others (A29, A30)."""

import base64
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from otpost.aws.signer import KmsSigner
from otpost.receipt import Receipts
from tests.docs.described import REPOSITORY
from tests.docs.pages import blocks, names, rows, section
from tests.docs.test_openapi_answers import CHALLENGE

SHOWN = section("api.md", "## Receipts")
KEYS_URL, ISSUER = "https://codes.example.com/.well-known/jwks.json", "https://codes.example.com"
NODE = REPOSITORY / "tests" / "node"
NOW = datetime.now(UTC).replace(microsecond=0)

type Claims = dict[str, Any]
type Check = Callable[[str], Claims]


class _Kms:
    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    def get_public_key(self, **_: object) -> dict[str, bytes]:
        return {"PublicKey": self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)}

    def sign(self, *, Message: bytes, **_: object) -> dict[str, bytes]:  # noqa: N803 - KMS's name
        return {"Signature": self._key.sign(Message, ec.ECDSA(hashes.SHA256()))}


SIGNER = KmsSigner(_Kms(), "arn:aws:kms:eu-central-1:000000000000:key/ours")  # type: ignore[arg-type]  # two methods
STRANGER = KmsSigner(_Kms(), "arn:aws:kms:eu-central-1:000000000000:key/ours")  # type: ignore[arg-type]  # two methods
RECEIPTS = Receipts(issuer=ISSUER, audience="example")


class _Keys(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"keys": [SIGNER.public_jwk()]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the server's name
        """Print nothing."""


@pytest.fixture(scope="module")
def keys_url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Keys) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture(params=["python", "js"])
def check(request: pytest.FixtureRequest, keys_url: str, tmp_path: Path) -> Check:
    """Return the check that the page shows in one language, pointed at the keys of this test."""
    (shown,) = blocks(SHOWN, request.param)
    assert KEYS_URL in shown
    shown = shown.replace(KEYS_URL, keys_url)
    return _python(shown) if request.param == "python" else _node(shown, tmp_path)


def _python(shown: str) -> Check:
    module: dict[str, Any] = {}
    exec(shown, module)  # what the page shows, to the letter

    def run(receipt: str) -> Claims:
        claims: Claims = module["claims_of"](receipt, purpose="sign_in", nonce="n")
        return claims

    return run


def _node(shown: str, folder: Path) -> Check:
    if not (shutil.which("node") and (NODE / "node_modules" / "jose").is_dir()):
        reason = "Node and jose are not installed: make setup"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    module = folder / "shown.mjs"
    jose = (NODE / "node_modules" / "jose" / "dist" / "webapi" / "index.js").as_uri()
    call = 'claimsOf(process.argv[2], { purpose: "sign_in", nonce: "n" })'
    module.write_text(shown.replace('from "jose"', f'from "{jose}"') + f"console.log(JSON.stringify(await {call}));\n")

    def run(receipt: str) -> Claims:
        done = subprocess.run(["node", module, receipt], capture_output=True, text=True, check=False, timeout=60)
        if done.returncode:
            raise jwt.InvalidTokenError(done.stderr)
        claims: Claims = json.loads(done.stdout)
        return claims

    return run


def _with(header: Claims, claims: Claims, signer: KmsSigner = SIGNER) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode() for each in (header, claims)]
    signature = base64.urlsafe_b64encode(signer.sign(".".join(parts).encode())).rstrip(b"=").decode()
    return ".".join([*parts, signature])


HEADER = {"alg": "ES256", "typ": "receipt+jwt", "kid": SIGNER.key_id}
CLAIMS = RECEIPTS.claims(CHALLENGE, NOW)
FORGED = {
    "another issuer": _with(HEADER, CLAIMS | {"iss": "https://evil.example"}),
    "another audience": _with(HEADER, CLAIMS | {"aud": "other"}),
    "another purpose": _with(HEADER, CLAIMS | {"purpose": "recovery"}),
    "another nonce": _with(HEADER, CLAIMS | {"nonce": "m"}),
    "no nonce": _with(HEADER, {name: value for name, value in CLAIMS.items() if name != "nonce"}),
    "no jti": _with(HEADER, {name: value for name, value in CLAIMS.items() if name != "jti"}),
    "another type": _with(HEADER | {"typ": "JWT"}, CLAIMS),
    "another key": _with(HEADER, CLAIMS, STRANGER),
    "an unknown key": _with(HEADER | {"kid": "../../etc/passwd"}, CLAIMS),
    "expired": _with(HEADER, RECEIPTS.claims(CHALLENGE, NOW - timedelta(seconds=400))),
    "no signature": _with(HEADER | {"alg": "none"}, CLAIMS).rpartition(".")[0] + ".",
    "the public key as a secret": jwt.encode(CLAIMS, "x" * 32, "HS256", headers=HEADER | {"alg": "HS256"}),
}


def test_a_genuine_receipt_passes(check: Check) -> None:
    assert check(RECEIPTS.sign(CHALLENGE, NOW, SIGNER)) == CLAIMS


@pytest.mark.parametrize("name", FORGED)
def test_any_other_does_not(check: Check, name: str) -> None:
    with pytest.raises(jwt.PyJWTError):
        check(FORGED[name])


def test_the_claims_listed_are_those_of_a_receipt() -> None:
    assert {name for row in rows(SHOWN) for name in names(row[0])} == set(CLAIMS)
