"""Names and ids that are derived, spelled out once more by hand.

They must stay what they are: another label would be another `sub` for everybody, and two that agree would let one MAC
stand for two things.
"""

import hashlib
import hmac

from otpost.address import EmailAddress, IdentityCase
from otpost.challenge_id import ChallengeId
from otpost.code import Code, derive_attempt_id, derive_code
from otpost.pseudonym import Pseudonyms
from otpost.transaction import ABSENT, transaction_hash
from tests.contract.samples import NOW
from tests.unit.world import IDEMPOTENCY_KEY, KEYED, PAYMENT, World

KEY = bytes(range(32))
ID = ChallengeId(region="eu-central-1", hour=491_625, code_length=6, entropy=bytes(16))
NAMES = Pseudonyms(key=KEY, case=IdentityCase.ASCII_LOWER)
ADA = EmailAddress.parse("Ada+news@example.com")


def mac(*fields: str, key: bytes = KEY) -> bytes:
    """HMAC-SHA-256 over the fields, each after its length in four octets."""
    text = b"".join(len(field.encode()).to_bytes(4) + field.encode() for field in fields)
    return hmac.digest(key, text, hashlib.sha256)


def test_a_code_is_the_mac_of_its_label_id_purpose_and_transaction() -> None:
    """A14."""
    number = int.from_bytes(mac("code", ID.token, "sign_in", ABSENT)[:16]) % 10**6

    assert derive_code(KEY, ID, purpose="sign_in", transaction_hash=ABSENT) == Code(f"{number:06d}")


def test_an_attempt_is_the_mac_of_its_label_key_id_and_guess() -> None:
    """A2."""
    attempt = derive_attempt_id(KEY, ID, Code("042137"), idempotency_key=IDEMPOTENCY_KEY)

    assert attempt == mac("attempt", IDEMPOTENCY_KEY, ID.token, "042137")[:16]


def test_each_kind_of_pseudonym_has_a_label_of_its_own() -> None:
    assert NAMES.identity(ADA) == mac("identity", "ada+news@example.com").hex()
    assert NAMES.window(ADA) == mac("window", "ada@example.com").hex()
    assert NAMES.source("192.0.2.1") == mac("source", "192.0.2.0/24").hex()
    assert NAMES.source(None) is None


def test_the_id_of_a_keyed_request_is_the_mac_of_who_asks_for_what(world: World) -> None:
    key = world.identity_key.key()
    asked = [KEYED["principal"], IDEMPOTENCY_KEY, "ada@example.com", "transaction"]

    full = world.issued(**KEYED)
    bare = world.issued(**KEYED | {"nonce": None, "locale": None}, email="bob@example.com")

    assert full.challenge_id.entropy == mac("repeated", *asked, "en", transaction_hash(PAYMENT), "n-1", key=key)[:16]
    asked[2] = "bob@example.com"
    assert bare.challenge_id.entropy == mac("repeated", *asked, "", transaction_hash(PAYMENT), "", key=key)[:16]


def test_a_mail_is_counted_on_the_shard_that_its_key_names(world: World) -> None:
    """The last of eight hexadecimal digits is one of sixteen."""
    key = world.issued().challenge.key

    assert world.challenges.windows.shards == {(f"{NOW:%Y-%m-%d}", int(key[7], 16)): 1}
