"""Removes the memberships and references of a deleted group in batches. It can be stopped and resumed at any point."""

from collections.abc import Callable, Sequence
from itertools import batched
from typing import Final

from shared.dynamodb import actions, reads, transactions
from shared.dynamodb.transactions import MAX_ACTIONS, ConditionsFailed
from shared.runtime import clock
from shared.storage import journal, keys, membership_reads, references, summaries
from shared.storage.membership_reads import Membership

MEMBERS_PER_WRITE: Final = 49
"""Two actions for each member (membership and count) and one for the group: 99 actions."""
TOMBSTONE_KEPT_SECONDS: Final = 7 * 24 * 3600


def purge_group(group_id: str, has_time: Callable[[], bool]) -> bool:
    """Remove the memberships, terms and references of a deleted group while there is time. Returns True at the end.

    Each transaction also updates the counts, so a customer's `group_count` is exact at all times. Does nothing for a
    group that is not deleted or no longer exists.
    """
    group = reads.get(keys.group(group_id), consistent=True)
    if group is None or "deleted_at" not in group:
        return True
    for some in batched(membership_reads.all_of_group(group_id), MEMBERS_PER_WRITE, strict=False):
        if not has_time():
            return False
        # First, so that it is not lost if the worker dies in between.
        journal.record_deletion(group, [one.customer_id for one in some if one.is_counted])
        _remove(group_id, some)
    for its in batched(
        [*references.all_keys(group_id), *membership_reads.term_keys(group_id)], MAX_ACTIONS, strict=False
    ):
        if not has_time():
            return False
        transactions.commit([actions.delete(key) for key in its])
    transactions.commit(
        [actions.update(keys.group(group_id), set={"expires_at": clock.epoch_seconds() + TOMBSTONE_KEPT_SECONDS})]
    )
    return True


def _remove(group_id: str, memberships: Sequence[Membership]) -> None:
    """Remove some memberships in one transaction, skipping those that another worker has already removed."""
    left = list(memberships)
    while left:
        removals = {
            one: actions.delete(keys.membership(group_id, one.customer_id), "attribute_exists(PK)") for one in left
        }
        counts = [
            actions.update(keys.summary(one.customer_id), add=summaries.growth(-1), condition="attribute_exists(PK)")
            for one in left
        ]
        own = actions.update(keys.group(group_id), add={"customer_count": -sum(one.is_counted for one in left)})
        try:
            transactions.transact([own, *removals.values(), *counts])
            left = []
        except ConditionsFailed as failure:
            gone = {one for one, write in removals.items() if write in failure.writes}
            if not gone:
                raise
            left = [one for one in left if one not in gone]
