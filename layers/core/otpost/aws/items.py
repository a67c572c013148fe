"""The items of the two tables and their keys; docs/data-model.md lists who reads and writes which.

The models describe items and build expressions. The stores send them with one plain client and put in the name of
their table, since PynamoDB would open a client a model and returns no old item when an update's condition fails.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pynamodb.attributes import (
    Attribute,
    BinaryAttribute,
    BinarySetAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.constants import NUMBER
from pynamodb.models import Model

from otpost.instant import from_milliseconds, to_milliseconds


class InstantAttribute(Attribute[datetime]):
    """An instant, stored as milliseconds since 1970."""

    attr_type = NUMBER

    def serialize(self, value: datetime) -> str:
        """Write the number."""
        return str(to_milliseconds(value))

    def deserialize(self, value: str) -> datetime:
        """Read the number."""
        return from_milliseconds(int(value))


class Item(Model):
    """An item of either table. Nothing is sent through the model, so it has no table: the stores name theirs."""

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride] - how PynamoDB is told
        """Demanded by PynamoDB."""

        table_name = "named by the stores"

    pk = UnicodeAttribute(hash_key=True)


class ChallengeItem(Item):
    """`challenge#<SHA-256 of the id>` in ChallengeTable."""

    remove_after = NumberAttribute()
    email = UnicodeAttribute()
    identity = UnicodeAttribute()
    window = UnicodeAttribute()
    purpose = UnicodeAttribute()
    transaction = JSONAttribute(null=True)
    transaction_hash = UnicodeAttribute()
    nonce = UnicodeAttribute(null=True)
    locale = UnicodeAttribute(null=True)
    code_length = NumberAttribute()
    attempts_allowed = NumberAttribute()
    issued_at = InstantAttribute()
    life_seconds = NumberAttribute()
    expires_at = InstantAttribute()
    latest = InstantAttribute()
    resend_at = InstantAttribute()
    tries = BinarySetAttribute(legacy_encoding=False, null=True)
    consumed_by = BinaryAttribute(legacy_encoding=False, null=True)
    consumed_at = InstantAttribute(null=True)
    cancelled_at = InstantAttribute(null=True)
    mails_asked = NumberAttribute()
    mails_sent = NumberAttribute()
    lease_until = InstantAttribute(null=True)
    lease_by = BinaryAttribute(legacy_encoding=False, null=True)
    sends = BinarySetAttribute(legacy_encoding=False, null=True)
    sends_allowed = NumberAttribute()
    delivery = UnicodeAttribute()


class AddressWindowItem(Item):
    """`address#<pseudonym>` in ChallengeTable: the last ten send times to one alias-folded address, newest first."""

    remove_after = NumberAttribute()
    sent_0 = InstantAttribute(null=True)
    sent_1 = InstantAttribute(null=True)
    sent_2 = InstantAttribute(null=True)
    sent_3 = InstantAttribute(null=True)
    sent_4 = InstantAttribute(null=True)
    sent_5 = InstantAttribute(null=True)
    sent_6 = InstantAttribute(null=True)
    sent_7 = InstantAttribute(null=True)
    sent_8 = InstantAttribute(null=True)
    sent_9 = InstantAttribute(null=True)


class CounterItem(Item):
    """`source#<pseudonym>#<hour>` or `stack#<day>#<shard>` in ChallengeTable: mails so far."""

    remove_after = NumberAttribute()
    mails = NumberAttribute(null=True)


class IdentityItem(Item):
    """`identity#<pseudonym>` in IdentityTable: the failure streak."""

    failures = BinarySetAttribute(legacy_encoding=False, null=True)
    last_verified_at = InstantAttribute(null=True)


type RawItem = Mapping[str, Any]
"""An item as DynamoDB sends it. It does not leave this package."""
