"""CodeKeys and IdentityKey: 32-byte keys from keys that never leave KMS, kept in memory only."""

import base64

import pytest

from otpost.aws import clients
from otpost.aws.keys import KmsCodeKeys, KmsIdentityKey
from otpost.errors import Unavailable
from otpost.ports import CodeKeys, IdentityKey
from tests.backends import faults
from tests.backends.account import Account
from tests.fakes.keys import MemoryCodeKeys, MemoryIdentityKey

HOUR = 494_673


@pytest.fixture
def kms_code_keys(account: Account) -> KmsCodeKeys:
    """Return the real keys."""
    return KmsCodeKeys(clients.kms(), account.keys.code)


@pytest.fixture
def kms_identity_key(account: Account) -> KmsIdentityKey:
    """Return the real key."""
    return KmsIdentityKey(clients.kms(), account.keys.identity)


@pytest.fixture(params=["memory", "kms"])
def code_keys(request: pytest.FixtureRequest) -> CodeKeys:
    """Return CodeKeys."""
    if request.param == "memory":
        return MemoryCodeKeys()
    found: CodeKeys = request.getfixturevalue("kms_code_keys")
    return found


@pytest.fixture(params=["memory", "kms"])
def identity_key(request: pytest.FixtureRequest) -> IdentityKey:
    """Return an IdentityKey."""
    if request.param == "memory":
        return MemoryIdentityKey()
    found: IdentityKey = request.getfixturevalue("kms_identity_key")
    return found


def test_an_hour_has_one_key_of_32_bytes(code_keys: CodeKeys) -> None:
    key = code_keys.hour_key(HOUR)

    assert len(key) == 32
    assert code_keys.hour_key(HOUR) == key


def test_every_hour_has_a_key_of_its_own(code_keys: CodeKeys) -> None:
    assert len({code_keys.hour_key(HOUR + hours) for hours in range(30)}) == 30


def test_the_identity_key_is_one_key_of_32_bytes(identity_key: IdentityKey) -> None:
    key = identity_key.key()

    assert len(key) == 32
    assert identity_key.key() == key


def test_another_environment_gets_the_same_keys(account: Account) -> None:
    keys = [KmsCodeKeys(clients.kms(), account.keys.code).hour_key(HOUR) for _ in range(2)]
    identity_keys = [KmsIdentityKey(clients.kms(), account.keys.identity).key() for _ in range(2)]

    assert keys[0] == keys[1]
    assert identity_keys[0] == identity_keys[1]


def test_another_key_of_kms_gives_other_keys(account: Account) -> None:
    """Rotation is a new CodeKey beside the old one."""
    other = account.create_key("HMAC_256", "GENERATE_VERIFY_MAC")

    assert KmsCodeKeys(clients.kms(), other).hour_key(HOUR) != KmsCodeKeys(clients.kms(), account.keys.code).hour_key(
        HOUR
    )
    assert KmsIdentityKey(clients.kms(), other).key() != KmsIdentityKey(clients.kms(), account.keys.identity).key()


def test_an_hour_costs_one_call_and_the_warm_path_none(account: Account, kms_code_keys: KmsCodeKeys) -> None:
    with account.wire.watched() as cold:
        kms_code_keys.hour_key(HOUR)
        kms_code_keys.hour_key(HOUR + 1)
    with account.wire.watched() as warm:
        for _ in range(50):
            kms_code_keys.hour_key(HOUR)
            kms_code_keys.hour_key(HOUR + 1)

    assert cold == ["kms.GenerateMac"] * 2
    assert warm == []


def test_the_identity_key_costs_one_call(account: Account, kms_identity_key: KmsIdentityKey) -> None:
    with account.wire.watched() as calls:
        for _ in range(50):
            kms_identity_key.key()

    assert calls == ["kms.GenerateMac"]


def test_no_more_than_27_hour_keys_are_kept_and_the_oldest_go_first(
    account: Account, kms_code_keys: KmsCodeKeys
) -> None:
    """27: the hours that an id may be of, from 25 ago to 1 ahead."""
    for hours in range(40):
        kms_code_keys.hour_key(HOUR + hours)

    with account.wire.watched() as newest:
        for hours in range(39, 12, -1):
            kms_code_keys.hour_key(HOUR + hours)
    with account.wire.watched() as forgotten:
        kms_code_keys.hour_key(HOUR + 12)

    assert newest == []
    assert forgotten == ["kms.GenerateMac"]
    assert len(kms_code_keys._hour_keys) == 27


def test_a_call_that_failed_is_not_remembered(account: Account, kms_code_keys: KmsCodeKeys) -> None:
    with account.wire.failing("kms", faults.read_timeout), pytest.raises(Unavailable):
        kms_code_keys.hour_key(HOUR)

    assert len(kms_code_keys.hour_key(HOUR)) == 32


def test_keys_are_asked_for_by_arn_with_a_message_of_their_own(account: Account) -> None:
    KmsCodeKeys(clients.kms(), account.keys.code).hour_key(HOUR)
    KmsIdentityKey(clients.kms(), account.keys.identity).key()

    asked = [call.parameters for call in account.wire.calls[-2:]]
    assert [parameters["KeyId"] for parameters in asked] == [account.keys.code, account.keys.identity]
    assert {parameters["MacAlgorithm"] for parameters in asked} == {"HMAC_SHA_256"}
    assert asked[0]["Message"] != asked[1]["Message"]


@pytest.mark.parametrize("mac", ["", "AAAA"], ids=["empty", "3 bytes"])
def test_a_mac_of_another_length_is_unavailable(account: Account, mac: str) -> None:
    """A57: an empty key would make every code computable."""
    fault = faults.replied(b'{"Mac": "%s"}' % mac.encode())
    with account.wire.failing("kms", fault):
        with pytest.raises(Unavailable):
            KmsCodeKeys(clients.kms(), account.keys.code).hour_key(HOUR)
        with pytest.raises(Unavailable):
            KmsIdentityKey(clients.kms(), account.keys.identity).key()


def test_the_identity_key_is_the_mac_of_a_label_that_never_changes(
    account: Account, kms_identity_key: KmsIdentityKey
) -> None:
    """Every `sub` and every streak hang on it."""
    kms_identity_key.key()

    assert base64.b64decode(account.wire.calls[-1].parameters["Message"]) == b"otpost/identity/v1"
