"""A customer's summary: a small item with the attributes that memberships need.

It has the number of the customer's groups, and the attributes that memberships copy. A membership updates this count
instead of the record, which may be large, has entries in seven indexes, and whose changes `refresh_copies` processes.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from shared.domain import ids
from shared.dynamodb import actions, reads
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import EXISTS
from shared.dynamodb.retries import Stale
from shared.storage import keys
from shared.storage.items import SummaryItem
from shared.storage.kind import Kind
from shared.storage.kinds import CUSTOMER

COPIED: Final = ("search_text", "created_by", "has_account")
"""The attributes of a customer that memberships copy, under `customer`."""


def copy_of(customer: Mapping[str, object]) -> dict[str, object]:
    """The attributes that a membership copies, so that members can be filtered and sorted without reading them."""
    return {name: customer.get(name) for name in COPIED}


def of_new(customer: Mapping[str, Any]) -> SummaryItem:
    """The summary of a new customer."""
    item = keys.summary(customer["id"])._asdict() | _copied(customer) | {"group_count": 0}
    return cast("SummaryItem", item)


def get(customer_id: str) -> SummaryItem | None:
    """The summary, read consistently."""
    return cast("SummaryItem | None", reads.get(keys.summary(customer_id), consistent=True))


def get_many(customer_ids: Iterable[str], *, consistent: bool = False) -> dict[str, SummaryItem]:
    """The summaries of live customers by id. If one is not found, it is read again consistently."""
    wanted = {keys.summary(one): one for one in customer_ids if ids.is_possible(one)}
    found: Mapping[Any, Any] = reads.batch_get(wanted, consistent=consistent)
    if not consistent and (missing := [key for key in wanted if key not in found]):
        found = {**found, **reads.batch_get(missing, consistent=True)}
    return {one: found[key] for key, one in wanted.items() if key in found}


def get_all(customer_ids: Iterable[str]) -> dict[str, SummaryItem]:
    """The same for customers that must all be live. Raises CustomerNotFound for the first that is not."""
    wanted = list(dict.fromkeys(customer_ids))
    found = get_many(wanted)
    for one in wanted:
        if one not in found:
            raise CUSTOMER.not_found(one)
    return found


def writes(kind: Kind, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Action]:
    """The writes that update the summary from one state of a record to the next. None means no record."""
    if kind is not CUSTOMER or (before and copy_of(before) == copy_of(after)):
        return []
    if before is None:
        return [actions.put(of_new(after))]
    return [actions.update(keys.summary(after["id"]), set=_copied(after), condition=EXISTS, refused=Stale())]


def growth(groups: int) -> dict[str, int]:
    """What a change of a customer's memberships adds to the item: so many groups, and one more change."""
    return {"group_count": groups, "membership_change": 1}


def deletion(customer_id: str, group_count: int) -> list[Action]:
    """The writes for a deletion that sees to so many groups: there must be no other. Raises Stale."""
    summary = get(customer_id)
    if summary is None:
        raise Stale
    unchanged, where = as_read(summary)
    condition = f"group_count = :count AND {unchanged}"
    gone = actions.delete(keys.summary(customer_id), condition, Stale(), where={":count": group_count, **where})
    due_at = summary.get("due_at")
    return [gone, actions.delete(keys.due(due_at, customer_id))] if due_at else [gone]


def as_read(summary: SummaryItem) -> tuple[str, dict[str, int]]:
    """The condition that no membership of the customer has changed since the item was read, with its value."""
    number = summary.get("membership_change")
    if number is None:
        return "attribute_not_exists(membership_change)", {}
    return "membership_change = :membership_change", {":membership_change": number}


def _copied(customer: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "by_created": customer.get("by_created"),
        "customer": copy_of(customer),
        "version": customer.get("version"),
    }
