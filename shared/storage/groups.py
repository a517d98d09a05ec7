"""Customer groups."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from shared.domain import ids, metadata
from shared.domain.errors import CustomerGroupInUse, InvalidData
from shared.domain.ids import GroupId
from shared.dynamodb import reads, retries
from shared.dynamodb.expressions import Condition
from shared.storage import keys, record_writes, records, references, terms, upserts
from shared.storage.changes import Reason
from shared.storage.items import GroupItem
from shared.storage.kinds import GROUP
from shared.storage.preconditions import ANY_VERSION, Precondition
from shared.storage.record_writes import Extra
from shared.storage.rules import saving
from shared.storage.upserts import Result

MAX_REFERENCES_LISTED: Final = 10
"""The most references in the error of a refused deletion."""


def create(
    name: str,
    group_metadata: Mapping[str, Any] | None,
    actor: str,
    *,
    own_key: str | None = None,
    rule: Mapping[str, Any] | None = None,
    exceptions: Mapping[str, Any] = saving.NO_EXCEPTIONS,
    chosen_id: str | None = None,
    request_key: str | None = None,
    reason: Reason | None = None,
) -> GroupItem:
    """Create a group. A repeated request (same `request_key`) returns the group that it created before.

    `exceptions` are those of an automatic group (`store.EXCEPTIONS`). They may name customers who do not exist yet.
    Raises CustomerGroupNameTaken, CustomerGroupKeyTaken, CustomerGroupIdTaken, InvalidData (the rule cannot be).
    """
    values = {"name": name, "key": own_key, "metadata": group_metadata, "rule": rule, "customer_count": 0}
    group_id = chosen_id or ids.new_group_id()
    return _create(
        group_id, values, actor, exceptions, is_chosen=bool(chosen_id), request_key=request_key, reason=reason
    )


@retries.when_stale
def _create(
    group_id: str, values: Mapping[str, Any], actor: str, exceptions: Mapping[str, Any], **more: Any
) -> GroupItem:
    extra = saving.beside(group_id, None, values, actor, exceptions=exceptions)
    created: GroupItem = record_writes.create(GROUP, group_id, values, actor, extra=extra, **more)
    return created


def get(group_id: GroupId, *, consistent: bool = False) -> GroupItem:
    """Raises CustomerGroupNotFound."""
    return terms.with_count(records.get(GROUP, group_id, consistent=consistent))


def find(group_id: str) -> GroupItem | None:
    """The group as it is now. None if it does not exist."""
    return records.get_many(GROUP, [group_id], consistent=True).get(GroupId(group_id))


def every_id() -> Iterator[str]:
    """The ids of all groups, oldest first."""
    mine = Condition("#LIST = :list", {":list": keys.GROUPS})
    sort = keys.BY_CREATED.sort
    return (row[sort].rpartition("#")[2] for row in reads.query(mine, index=keys.BY_CREATED, attributes=(sort,)))


@retries.when_stale
def update(
    group_id: GroupId, changes: Mapping[str, Any], actor: str, precondition: Precondition = ANY_VERSION
) -> GroupItem:
    """Set `name`, `key` and `rule`, and merge `metadata`, if given.

    Raises CustomerGroupNotFound, PreconditionFailed, CustomerGroupNameTaken, CustomerGroupKeyTaken, InvalidData
    (the merged metadata is too large, or the rule cannot be).
    """
    group = get(group_id, consistent=True)
    precondition.check(group["version"])
    values = metadata.merged_into(group, changes)
    extra = saving.beside(group_id, group, values, actor)
    return terms.with_count(record_writes.update_unchanged(GROUP, group, values, actor, extra=extra))


def replace_metadata(
    group_id: GroupId, new: Mapping[str, Any] | None, actor: str, precondition: Precondition = ANY_VERSION
) -> GroupItem:
    """Replace the metadata. Raises CustomerGroupNotFound, PreconditionFailed."""
    return terms.with_count(record_writes.update(GROUP, group_id, actor, precondition, lambda _: {"metadata": new}))


def upsert(
    own_key: str,
    given: Mapping[str, Any],
    actor: str,
    precondition: Precondition = ANY_VERSION,
    *,
    request_key: str | None = None,
) -> tuple[GroupItem, Result]:
    """Create the group with this key, or set the given attributes. Metadata is replaced, not merged.

    Raises PreconditionFailed, CustomerGroupNameTaken, InvalidData if a new group has no name.
    """

    def wanted(present: GroupItem | None) -> Mapping[str, Any]:
        if present is None and "name" not in given:
            raise InvalidData.at("name", "Field required")
        return given if present else {"metadata": None, "rule": None, "customer_count": 0, **given}

    def extra(group_id: str, present: GroupItem | None, values: Mapping[str, Any]) -> Extra:
        return saving.beside(group_id, present, values, actor)

    group, result = upserts.upsert(
        GROUP, own_key, ids.new_group_id, wanted, actor, precondition, request_key=request_key, extra=extra
    )
    return terms.with_count(group), result


@retries.when_stale
def delete(group_id: GroupId, actor: str, precondition: Precondition = ANY_VERSION, *, is_forced: bool = False) -> None:
    """Delete a group of any size immediately. `purge_deleted` removes its memberships and references afterwards.

    Raises CustomerGroupNotFound, PreconditionFailed, CustomerGroupInUse (unless `is_forced`).
    """
    group = get(group_id, consistent=True)
    precondition.check(group["version"])
    in_use = references.count(group)
    if in_use and not is_forced:
        first = references.of_group(group_id, MAX_REFERENCES_LISTED).items
        raise CustomerGroupInUse(list(map(references.view, first)), in_use)
    used_by = [{"system": one["system"], "id": one["id"]} for one in references.every(group_id)] if in_use else []
    record_writes.delete(
        GROUP,
        group,
        actor,
        before=records.visible(GROUP, group),
        forget=(*GROUP.attributes, *references.COUNTED, *saving.ATTRIBUTES, *terms.ATTRIBUTES),
        where=references.as_read(group),
        references=used_by,
        also=saving.deletion(group, used_by),
    )
