"""The memberships of a deleted group: taken away in slices, by a worker that may die and start again at any point."""

from collections.abc import Callable, Sequence
from itertools import batched
from typing import Final

from shared import clock, keys
from shared.storage import memberships, table
from shared.storage.table import ConditionsFailed

MEMBERS_PER_WRITE: Final = 49
"""Per member its membership and its customer, beside them the group: 99 actions."""
TOMBSTONE_KEPT_SECONDS: Final = 7 * 24 * 3600


def purge_group(group_id: str, has_time: Callable[[], bool]) -> bool:
    """Remove memberships of a deleted group while there is time. True when none is left.

    Each transaction keeps both sides' counts, so that a customer's `group_count` is exact at every moment. Does nothing
    to a group that lives or is gone.
    """
    group = table.get(keys.group(group_id), consistent=True)
    if group is None or "deleted_at" not in group:
        return True
    for some in batched(memberships.customer_ids(group_id, consistent=True), MEMBERS_PER_WRITE, strict=False):
        if not has_time():
            return False
        _remove(group_id, some)
    table.commit(
        [table.update(keys.group(group_id), set={"expires_at": clock.epoch_seconds() + TOMBSTONE_KEPT_SECONDS})]
    )
    return True


def _remove(group_id: str, customer_ids: Sequence[str]) -> None:
    """Remove some memberships in one transaction; those that another worker removed meanwhile are passed over."""
    left = list(customer_ids)
    while left:
        removals = {one: table.delete(keys.membership(group_id, one), "attribute_exists(PK)") for one in left}
        counts = [
            table.update(keys.customer(one), add={"group_count": -1}, condition="attribute_exists(PK)") for one in left
        ]
        own = table.update(keys.group(group_id), add={"customer_count": -len(left)})
        try:
            table.transact([own, *removals.values(), *counts])
            left = []
        except ConditionsFailed as failure:
            gone = {one for one, write in removals.items() if write in failure.writes}
            if not gone:
                raise
            left = [one for one in left if one not in gone]
