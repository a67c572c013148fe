"""The contract of the stores, word for word, kept by DynamoDB Local: what moto is believed, an engine confirms.

The suites that cut the wire between client and engine stay with moto (tests/contract): faults, conflicts, lost answers.
"""

from tests.contract import (
    test_agreement,
    test_challenge_asking_again,
    test_challenge_attempts,
    test_challenge_ending,
    test_challenge_mail,
    test_challenge_opening,
    test_identities,
    test_items,
    test_races,
)

SUITES = (
    test_agreement,
    test_challenge_asking_again,
    test_challenge_attempts,
    test_challenge_ending,
    test_challenge_mail,
    test_challenge_opening,
    test_identities,
    test_items,
    test_races,
)

for suite in SUITES:
    found = {name: promise for name, promise in vars(suite).items() if name.startswith("test_")}
    assert globals().keys().isdisjoint(found), f"a promise of {suite.__name__} has the name of another"
    globals().update(found)

lived = test_items.lived
