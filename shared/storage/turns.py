"""Turns: how the writes of requests get in between the transactions of a job at the same group.

DynamoDB rejects a transaction at once while another one writes to one of its items. A job writes one transaction after
the other to its group, so most attempts of other writers would be rejected. A writer that is rejected therefore asks
for a turn: it marks the lease that the job's chunk holds on the group. The chunk reads the mark before its next
transaction, and makes longer pauses for a while.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from uuid import uuid4

from shared.domain.errors import TooManyRequests, Unavailable
from shared.dynamodb import actions, reads, transactions
from shared.dynamodb.expressions import EXISTS
from shared.dynamodb.transactions import ConditionsFailed
from shared.storage import keys


def asking(group_id: str) -> Callable[[], None]:
    """What to do when a write to a group conflicts with another transaction."""
    return partial(_ask, group_id)


def asked(group_ids: Iterable[str]) -> frozenset[str]:
    """The marks that writers have left at these groups. Each is unique; of one group, only the last is kept."""
    leases = reads.batch_get([keys.lease(group_id) for group_id in group_ids], consistent=True)
    return frozenset(str(lease["turn"]) for lease in leases.values() if "turn" in lease)


def _ask(group_id: str) -> None:
    """Ask the chunk that holds the lease on a group, if any. One attempt: the write is repeated anyway."""
    mark = actions.update(keys.lease(group_id), set={"turn": uuid4().hex}, condition=EXISTS)
    with suppress(ConditionsFailed, TooManyRequests, Unavailable):
        transactions.transact([mark], most_attempts=1)
