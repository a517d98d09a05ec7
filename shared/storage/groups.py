"""Customer groups."""

from collections.abc import Mapping
from typing import Any

from shared import clock, metadata
from shared.storage import records, table
from shared.storage.kinds import GROUP
from shared.storage.records import ANY_VERSION, Precondition
from shared.storage.table import Item


def create(name: str, group_metadata: Mapping[str, Any] | None, actor: str, *, once: str | None = None) -> Item:
    """One group for all requests that are the same (`once`). Raises CustomerGroupNameTaken."""
    values = {"name": name, "metadata": group_metadata, "customer_count": 0}
    return records.create(GROUP, clock.new_id("cusgroup"), values, actor, once=once)


def get(group_id: str, *, consistent: bool = False) -> Item:
    """Raises CustomerGroupNotFound."""
    return records.get(GROUP, group_id, consistent=consistent)


def update(group_id: str, changes: Mapping[str, Any], actor: str, precondition: Precondition = ANY_VERSION) -> Item:
    """Set `name` and merge `metadata`, each where given.

    Raises CustomerGroupNotFound, PreconditionFailed, CustomerGroupNameTaken, InvalidData (metadata grown too large).
    """
    return records.revise(GROUP, group_id, actor, precondition, lambda group: metadata.merged_into(group, changes))


def replace_metadata(
    group_id: str, new: Mapping[str, Any] | None, actor: str, precondition: Precondition = ANY_VERSION
) -> Item:
    """Store the metadata as given, whatever was there. Raises CustomerGroupNotFound, PreconditionFailed."""
    return records.revise(GROUP, group_id, actor, precondition, lambda _: {"metadata": new})


@table.retried_when_stale
def delete(group_id: str, actor: str, precondition: Precondition = ANY_VERSION) -> None:
    """Delete the group at once, whatever its size: `purge_deleted` takes the memberships away afterwards.

    Raises CustomerGroupNotFound, PreconditionFailed.
    """
    group = get(group_id, consistent=True)
    precondition.check(int(group["version"]))
    records.delete(GROUP, group, actor, before=records.visible(GROUP, group), forget=("name", "metadata"))
