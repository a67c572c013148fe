"""Stores that break the protocol in the ways of textbooks, on the same engine. The races must find every one."""

import secrets
from datetime import datetime

from pynamodb.expressions.update import Action

from otpost.aws import conditions
from otpost.aws.challenges import DynamoChallenges
from otpost.aws.conversion import to_challenge
from otpost.aws.items import ChallengeItem as C
from otpost.aws.writes import ConditionFailed
from otpost.challenge import Verdict
from otpost.challenge_id import ChallengeKey
from otpost.ports import Spent


class ReadsThenWrites(DynamoChallenges):
    """Reads, compares, writes: the rules are right, and between the read and the write anything may happen."""

    def spend_attempt(
        self, key: ChallengeKey, *, attempt_id: bytes, correct: bool, purpose: str, transaction_hash: str, now: datetime
    ) -> Spent:
        """See ChallengeStore."""
        found = self.find(key)
        if found is None:
            return Spent(verdict=Verdict.UNKNOWN, challenge=None)
        why = found.refusal(attempt_id=attempt_id, purpose=purpose, transaction_hash=transaction_hash, now=now)
        if why is not None:
            return Spent(verdict=why, challenge=found)
        actions: list[Action] = [C.tries.add({attempt_id})]
        if correct:
            actions += [C.consumed_by.set(attempt_id), C.consumed_at.set(C.consumed_at | now)]
        item = self._change(key, actions, conditions.exists())
        return Spent(verdict=Verdict.ACCEPTED if correct else Verdict.WRONG_CODE, challenge=to_challenge(item))


class CountsWithANumber(DynamoChallenges):
    """One write, and attempts are a number (here: a set of ids that nobody gets twice), so a repeat burns another."""

    def spend_attempt(
        self, key: ChallengeKey, *, attempt_id: bytes, correct: bool, purpose: str, transaction_hash: str, now: datetime
    ) -> Spent:
        """See ChallengeStore."""
        actions: list[Action] = [C.tries.add({secrets.token_bytes(16)})]
        if correct:
            actions += [C.consumed_by.set(attempt_id), C.consumed_at.set(C.consumed_at | now)]
        rules = {"purpose": purpose, "transaction_hash": transaction_hash, "now": now}
        try:
            item = self._change(key, actions, conditions.may_be_judged(attempt_id, **rules))
        except ConditionFailed as refused:
            if not refused.old:
                return Spent(verdict=Verdict.UNKNOWN, challenge=None)
            old = to_challenge(refused.old)
            why = old.refusal(attempt_id=attempt_id, **rules)
            return Spent(verdict=why or Verdict.EXHAUSTED, challenge=old)
        return Spent(verdict=Verdict.ACCEPTED if correct else Verdict.WRONG_CODE, challenge=to_challenge(item))


class ConsumesLater(DynamoChallenges):
    """Reserves the attempt in one write and consumes in a second: a cancellation gets between them."""

    def spend_attempt(
        self, key: ChallengeKey, *, attempt_id: bytes, correct: bool, purpose: str, transaction_hash: str, now: datetime
    ) -> Spent:
        """See ChallengeStore."""
        reserved = super().spend_attempt(
            key, attempt_id=attempt_id, correct=False, purpose=purpose, transaction_hash=transaction_hash, now=now
        )
        if reserved.verdict is not Verdict.WRONG_CODE or not correct:
            return reserved
        actions = [C.consumed_by.set(attempt_id), C.consumed_at.set(C.consumed_at | now)]
        try:
            item = self._change(key, actions, C.consumed_by.does_not_exist() | (C.consumed_by == attempt_id))
        except ConditionFailed as refused:
            return Spent(verdict=Verdict.CONSUMED, challenge=to_challenge(refused.old) if refused.old else None)
        return Spent(verdict=Verdict.ACCEPTED, challenge=to_challenge(item))


class CancelsAnyway(DynamoChallenges):
    """Cancels whatever it finds, a success as well."""

    def cancel(self, key: ChallengeKey, *, now: datetime) -> Verdict:
        """See ChallengeStore."""
        try:
            self._change(key, [C.cancelled_at.set(C.cancelled_at | now)], conditions.exists())
        except ConditionFailed:
            return Verdict.UNKNOWN
        return Verdict.CANCELLED
