"""Transactions: either all of their writes are committed, or none."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final
from uuid import uuid4

from shared.dynamodb import client, retries
from shared.dynamodb.actions import Action
from shared.dynamodb.retries import Contended
from shared.runtime import environment

MAX_ACTIONS: Final = 100
"""The most actions that DynamoDB accepts in one transaction."""


class ConditionsFailed(Exception):
    """A transaction was cancelled. `writes` are the actions whose condition was not met."""

    def __init__(self, writes: Sequence[Action]) -> None:
        super().__init__(f"{len(writes)} conditions did not hold")
        self.writes = writes


def transact(writes: Sequence[Action], *, most_attempts: int | None = None) -> None:
    """Commit all writes or none. Raises ConditionsFailed, Unavailable, or TooManyRequests under contention."""
    table_name = environment.table_name()
    items: Any = [{write.verb: {"TableName": table_name} | write.request} for write in writes]
    # All attempts have the same token, so DynamoDB recognizes one that was committed although its response was lost.
    send = partial(client.dynamodb().transact_write_items, TransactItems=items, ClientRequestToken=str(uuid4()))
    retries.call(partial(_try, send, writes), most_attempts)


def commit(writes: Sequence[Action]) -> None:
    """`transact`, but raises the error of the first condition that was not met."""
    try:
        transact(writes)
    except ConditionsFailed as failure:
        raise failure.writes[0].refused or failure from None


def _try(send: Callable[[], object], writes: Sequence[Action]) -> None:
    """Send a transaction, and raise the reason if it is cancelled."""
    try:
        send()
    except client.dynamodb().exceptions.TransactionCanceledException as error:
        reasons = [reason.get("Code", "None") for reason in error.response["CancellationReasons"]]
        failed = [write for write, reason in zip(writes, reasons, strict=True) if reason == "ConditionalCheckFailed"]
        if failed:
            raise ConditionsFailed(failed) from None
        if retries.TRANSIENT.isdisjoint(reasons):
            raise
        for write, reason in zip(writes, reasons, strict=True):
            if write.contended and reason == "TransactionConflict":
                write.contended()
        raise Contended from error
