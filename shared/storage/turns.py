"""Turns: how the writes of requests get in between the transactions of a job at the same group.

DynamoDB rejects a transaction at once while another one writes to one of its items. A job writes one transaction after
the other to its group, so most attempts of other writers would be rejected. A writer that is rejected therefore asks
for a turn: it writes the time into the lease that the job's chunk holds on the group. Chunks read it between their
transactions, and pause before each for a while.
"""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial

from shared.domain.errors import TooManyRequests, Unavailable
from shared.dynamodb import actions, reads, transactions
from shared.dynamodb.transactions import ConditionsFailed
from shared.storage import keys


def asking(group_id: str) -> Callable[[], None]:
    """What to do when a write to a group conflicts with another transaction."""
    return partial(_ask, group_id)


def last_asked(group_ids: Iterable[str]) -> float:
    """When a writer last asked for a turn at one of these groups, in seconds since 1970. 0 if nobody has."""
    leases = reads.batch_get([keys.lease(group_id) for group_id in group_ids], consistent=True)
    return max((lease.get("turn_asked_at", 0) / 1_000 for lease in leases.values()), default=0.0)


def _ask(group_id: str) -> None:
    """Ask the chunk that holds the lease on a group, if any. One attempt: the write is repeated anyway."""
    now = {"turn_asked_at": int(time.time() * 1_000)}
    mark = actions.update(keys.lease(group_id), set=now, condition="attribute_exists(holder)")
    with suppress(ConditionsFailed, TooManyRequests, Unavailable):
        transactions.transact([mark], most_attempts=1)
