"""Judges customers again whose membership may change because time has passed, such as "in the last 30 days"."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple

from shared.domain.errors import ApiError
from shared.dynamodb import actions, reads, transactions
from shared.dynamodb.expressions import Condition
from shared.dynamodb.retries import Stale
from shared.dynamodb.transactions import ConditionsFailed
from shared.runtime import clock
from shared.storage import keys
from shared.storage.rules import judging
from shared.storage.rules.writing import Cause


class Due(NamedTuple):
    """A customer to be judged, and the moment from which it is."""

    at: str
    customer_id: str


def judge_due(has_time: Callable[[], bool]) -> int:
    """Judge the customers that are due, the longest overdue first, while there is time. Returns how many.

    A customer who cannot be judged does not hold up the others. Raises the first error at the end.
    """
    judged, failures = 0, list[ApiError]()
    for due in _all_due():
        if not has_time():
            break
        try:
            _judge(due)
            judged += 1
        except ApiError as failure:
            failures.append(failure)
    if failures:
        raise failures[0]
    return judged


def _all_due() -> Iterator[Due]:
    return (due for partition in keys.due_partitions() for due in _due(partition, clock.now()))


def _due(partition: str, now: str) -> Iterator[Due]:
    until = Condition("PK = :shard AND SK < :after", {":shard": partition, ":after": f"{now}$"})
    for item in reads.query(until, attributes=("SK",)):
        at, _, customer_id = item["SK"].partition("#")
        yield Due(at, customer_id)


def _judge(due: Due) -> None:
    """Judging writes when the customer is due next. A moment that is not that one is done with."""
    verdicts = judging.judge([due.customer_id], Cause())
    if not any(one.due_at == due.at for one in verdicts):
        _delete(due)


def _delete(due: Due) -> None:
    """Delete a due item, unless a machine whose clock is behind has made the customer due at that moment again."""
    is_done = "attribute_not_exists(due_at) OR due_at <> :at"
    unchanged = actions.check(keys.summary(due.customer_id), is_done, {":at": due.at}, Stale())
    with suppress(ConditionsFailed):
        transactions.transact([unchanged, actions.delete(keys.due(due.at, due.customer_id))])
