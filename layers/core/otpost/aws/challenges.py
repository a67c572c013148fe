"""ChallengeTable as a `ChallengeStore`: a change is one conditional write, or one transaction where windows count."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from otpost.aws import conditions, draws
from otpost.aws.conversion import is_leased, partition_key, to_challenge, to_item
from otpost.aws.items import ChallengeItem as C
from otpost.aws.items import RawItem
from otpost.aws.transactions import Refusals, Transactions
from otpost.aws.writes import ConditionFailed, read, update, update_arguments
from otpost.challenge import Challenge, Delivery, Verdict
from otpost.challenge_id import ChallengeKey
from otpost.errors import Unavailable
from otpost.ports import SENDS_PER_MAIL, Draw, NoMail, Opened, Spent
from otpost.window import Limit, RateLimited

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoChallenges:
    """Challenges and windows in one table; reads are strongly consistent."""

    def __init__(self, client: "DynamoDBClient", table: str, *, transactions: Transactions | None = None) -> None:
        self._client = client
        self._table = table
        self._transactions = transactions or Transactions(client)

    def open(
        self, challenge: Challenge, *, siblings: frozenset[ChallengeKey], draw: Draw, now: datetime
    ) -> Opened | RateLimited:
        """See ChallengeStore."""
        absent = [self._must_be_absent(key) for key in sorted(siblings)]
        put = to_item(challenge).get_save_kwargs_from_instance(
            condition=C.pk.does_not_exist(), return_values_on_condition_failure="ALL_OLD"
        )
        first = [*absent, {"Put": put | {"TableName": self._table}}]
        refusals, limits = self._draw(first, draw, now)
        existing = [old for at, old in refusals.items() if at < len(first)]
        if existing:
            return Opened(challenge=_standing(existing), repeated=True)
        return self._rate_limit(refusals, limits, draw, now) or Opened(challenge=challenge, repeated=False)

    def ask_again(self, renewed: Challenge, *, draw: Draw, now: datetime) -> Verdict | RateLimited | None:
        """See ChallengeStore."""
        actions = [
            C.mails_asked.add(1),
            C.sends_allowed.add(SENDS_PER_MAIL),
            C.expires_at.set(renewed.expires_at),
            C.resend_at.set(renewed.resend_at),
            C.delivery.set(Delivery.QUEUED.value),
        ]
        ask = update_arguments(
            self._table, C(partition_key(renewed.key)), actions=actions, condition=conditions.open_at(now)
        )
        refusals, limits = self._draw([{"Update": ask}], draw, now)
        if 0 in refusals:
            old = refusals[0]
            return _reason(to_challenge(old).over(now)) if old else Verdict.UNKNOWN
        return self._rate_limit(refusals, limits, draw, now)

    def spend_attempt(
        self, key: ChallengeKey, *, attempt_id: bytes, correct: bool, purpose: str, transaction_hash: str, now: datetime
    ) -> Spent:
        """See ChallengeStore. The one write of the protocol."""
        spend: list[Action] = [C.tries.add({attempt_id})]
        consume: list[Action] = [C.consumed_by.set(attempt_id), C.consumed_at.set(C.consumed_at | now)]
        condition = conditions.may_be_judged(attempt_id, purpose=purpose, transaction_hash=transaction_hash, now=now)
        try:
            item = update(
                self._client,
                self._table,
                C(partition_key(key)),
                actions=spend + consume if correct else spend,
                condition=condition,
            )
        except ConditionFailed as refused:
            if not refused.old:
                return Spent(verdict=Verdict.UNKNOWN, challenge=None)
            challenge = to_challenge(refused.old)
            why = challenge.refusal(attempt_id=attempt_id, purpose=purpose, transaction_hash=transaction_hash, now=now)
            return Spent(verdict=_reason(why), challenge=challenge)
        return Spent(verdict=Verdict.ACCEPTED if correct else Verdict.WRONG_CODE, challenge=to_challenge(item))

    def cancel(self, key: ChallengeKey, *, now: datetime) -> Verdict:
        """See ChallengeStore."""
        condition = conditions.all_of(conditions.exists(), conditions.not_consumed())
        try:
            self._change(key, [C.cancelled_at.set(C.cancelled_at | now)], condition)
        except ConditionFailed as refused:
            return Verdict.CONSUMED if refused.old else Verdict.UNKNOWN
        return Verdict.CANCELLED

    def find(self, key: ChallengeKey) -> Challenge | None:
        """See ChallengeStore."""
        item = read(self._client, self._table, partition_key(key))
        return to_challenge(item) if item else None

    def lease_mail(self, key: ChallengeKey, *, lease_id: bytes, until: datetime, now: datetime) -> Challenge | NoMail:
        """See ChallengeStore. The ids of the leases form a set, as attempts do, so that a repeat counts once."""
        actions = [C.lease_until.set(until), C.lease_by.set(lease_id), C.sends.add({lease_id})]
        try:
            return to_challenge(self._change(key, actions, conditions.mail_owed(lease_id, now)))
        except ConditionFailed as refused:
            return _no_mail(refused.old, now) if refused.old else NoMail.NOTHING_TO_DO

    def give_back(self, key: ChallengeKey, *, lease_id: bytes) -> None:
        """See ChallengeStore."""
        actions = [C.sends.delete({lease_id}), C.lease_until.remove(), C.lease_by.remove()]
        try:
            self._change(key, actions, C.lease_by == lease_id)
        except ConditionFailed:
            return  # given back already, or over: another worker has taken it since

    def record_sent(self, key: ChallengeKey, *, mails: int) -> None:
        """See ChallengeStore."""
        self._record(key, mails, Delivery.SENT)

    def record_undeliverable(self, key: ChallengeKey, *, mails: int) -> None:
        """See ChallengeStore."""
        self._record(key, mails, Delivery.FAILED)

    def _record(self, key: ChallengeKey, mails: int, delivery: Delivery) -> None:
        actions = [C.mails_sent.set(mails), C.delivery.set(delivery.value), C.lease_until.remove(), C.lease_by.remove()]
        try:
            self._change(key, actions, conditions.all_of(conditions.exists(), C.mails_sent < mails))
        except ConditionFailed:
            return  # another worker recorded this mail or a later one

    def _change(self, key: ChallengeKey, actions: Sequence[Action], condition: Condition) -> RawItem:
        return update(self._client, self._table, C(partition_key(key)), actions=actions, condition=condition)

    def _must_be_absent(self, key: ChallengeKey) -> dict[str, Any]:
        check = C.get_operation_kwargs_from_class(partition_key(key), condition=C.pk.does_not_exist())
        return {"ConditionCheck": check | {"TableName": self._table, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}}

    def _draw(self, first: list[dict[str, Any]], draw: Draw, now: datetime) -> tuple[Refusals, dict[int, Limit]]:
        taken = draws.parts(self._table, draw, now)
        parts = first + [{"Update": arguments} for _, arguments in taken]
        refusals = self._transactions.write(parts, decisive=frozenset(range(len(first))))
        return refusals, {len(first) + at: limit for at, (limit, _) in enumerate(taken)}

    @staticmethod
    def _rate_limit(refusals: Refusals, limits: dict[int, Limit], draw: Draw, now: datetime) -> RateLimited | None:
        refused = [draws.refusal(limits[at], old, draw, now) for at, old in refusals.items() if at in limits]
        return max(refused, key=lambda one: one.retry_after, default=None)


def _standing(found: Sequence[RawItem | None]) -> Challenge:
    item = next(filter(None, found), None)
    if item is None:  # nothing was written, and nothing is there to show for it
        raise Unavailable("DynamoDB found a challenge and did not return it.")
    return to_challenge(item)


def _reason(verdict: Verdict | None) -> Verdict:
    if verdict is None:  # the table refused what the rules allow: nobody may be let in on that
        raise Unavailable("DynamoDB refused without a reason.")
    return verdict


def _no_mail(old: RawItem, now: datetime) -> NoMail:
    challenge = to_challenge(old)
    if not challenge.mail_owed or challenge.over(now) is not None:
        return NoMail.NOTHING_TO_DO
    return NoMail.HELD if is_leased(old, now) else NoMail.GIVEN_UP
