"""Customers."""

from collections.abc import Mapping
from typing import Any, Final

from shared import clock, metadata
from shared.storage import memberships, records, table
from shared.storage.kinds import CUSTOMER, PROFILE
from shared.storage.records import ANY_VERSION, Precondition
from shared.storage.table import Item

GROUPS_LEFT_ON_DELETION: Final = 31
"""Three writes for each in the deletion's transaction, beside the customer, its lock, counter and change."""
KEPT_AS_DELETED_SECONDS: Final = 30 * 24 * 3600
"""A tombstone outlives every late event of the customer's source; DynamoDB then removes it."""


def create(profile: Mapping[str, Any], actor: str, *, once: str | None = None) -> Item:
    """One customer for all requests that are the same (`once`). Raises CustomerEmailTaken."""
    return records.create(CUSTOMER, clock.new_id("cus"), {**profile, "group_count": 0}, actor, once=once)


def get(customer_id: str, *, consistent: bool = False) -> Item:
    """Raises CustomerNotFound."""
    return records.get(CUSTOMER, customer_id, consistent=consistent)


def update(customer_id: str, changes: Mapping[str, Any], actor: str, precondition: Precondition = ANY_VERSION) -> Item:
    """Set what is given and merge `metadata`. Raises CustomerNotFound, PreconditionFailed, CustomerEmailTaken."""
    return records.revise(
        CUSTOMER, customer_id, actor, precondition, lambda customer: metadata.merged_into(customer, changes)
    )


@table.retried_when_stale
def delete(customer_id: str, actor: str, precondition: Precondition = ANY_VERSION) -> None:
    """Delete a customer and its memberships; the counts of its groups are exact at every moment.

    Up to 31 groups go in the one transaction that deletes the customer; it leaves any others before.
    Raises CustomerNotFound, PreconditionFailed.
    """
    customer = get(customer_id, consistent=True)
    precondition.check(int(customer["version"]))
    remove(customer, actor)


def remove(customer: Item, actor: str, keeping: Mapping[str, Any] | None = None) -> None:
    """Delete a customer as it was read; `keeping` are attributes for its tombstone. Raises Stale."""
    customer_id = customer["id"]
    groups = list(memberships.group_ids(customer_id))
    if len(groups) > GROUPS_LEFT_ON_DELETION:
        memberships.leave(customer_id, groups[GROUPS_LEFT_ON_DELETION:], actor)
        raise table.Stale
    records.delete(
        CUSTOMER,
        customer,
        actor,
        before=None,  # what is deleted must not live on in the history
        forget=PROFILE,
        also=[write for group_id in groups for write in memberships.removal(customer_id, group_id, actor)],
        where={"group_count": len(groups)},
        set={"expires_at": clock.epoch_seconds() + KEPT_AS_DELETED_SECONDS, **(keeping or {})},
    )
