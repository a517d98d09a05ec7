"""Stored items as the resources of the API, with the relations that `fields` asks for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from shared import fields
from shared.errors import InvalidData
from shared.fields import Selection
from shared.storage import memberships, records
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.records import Kind
from shared.storage.table import Item

MOST_RELATED_IDS: Final = 50_000
MOST_RELATED: Final = 1_000
_WHOLE_NUMBERS: Final = frozenset({"customer_count", "version"})


def group(item: Item, asked: str | None) -> dict[str, Any]:
    """One group as `fields` asks for it."""
    return groups([item], asked)[0]


def customer(item: Item, asked: str | None) -> dict[str, Any]:
    """One customer as `fields` asks for it."""
    return customers([item], asked)[0]


def groups(items: Sequence[Item], asked: str | None) -> list[dict[str, Any]]:
    """Groups, each with its `customers` where asked. Raises InvalidData where those are too many for one answer."""
    selection = fields.parse(asked, fields.GROUP_SHAPE)
    shown = [_attributes(item, selection.attributes) for item in items]
    if selection.related:
        _check_size(items, "customer_count", selection, "GET /admin/customer-groups/{id}/customers")
        _relate(items, shown, "customers", selection, memberships.customer_ids, CUSTOMER)
    return shown


def customers(items: Sequence[Item], asked: str | None) -> list[dict[str, Any]]:
    """Customers, each with its `groups` where asked. Raises InvalidData where those are too many for one answer."""
    selection = fields.parse(asked, fields.CUSTOMER_SHAPE)
    shown = [_attributes(item, selection.attributes) for item in items]
    if selection.related:
        _check_size(items, "group_count", selection, "GET /admin/customer-groups?customers={id}")
        _relate(items, shown, "groups", selection, memberships.group_ids, GROUP)
    return shown


def _check_size(items: Iterable[Item], count: str, selection: Selection, paged_route: str) -> None:
    total = sum(int(item[count]) for item in items)
    most = MOST_RELATED_IDS if selection.related_ids_alone else MOST_RELATED
    if total > most:
        raise InvalidData.at(
            "fields", f"{total:,} related records do not fit into one answer; page through {paged_route}"
        )


def _relate(
    items: Sequence[Item],
    shown: Sequence[dict[str, Any]],
    relation: str,
    selection: Selection,
    related_ids: Callable[[str], Iterable[str]],
    kind: Kind,
) -> None:
    ids = {item["id"]: list(related_ids(item["id"])) for item in items}
    if relation == "customers" and selection.related_ids_alone:
        found: Mapping[str, Item] = {one: {"id": one} for some in ids.values() for one in some}
    else:
        found = records.many(kind, (one for some in ids.values() for one in some))
    for view, item in zip(shown, items, strict=True):
        related = (found[one] for one in ids[item["id"]] if one in found)
        view[relation] = [_attributes(one, selection.related) for one in related]


def _attributes(item: Item, names: Iterable[str]) -> dict[str, Any]:
    return {name: int(item[name]) if name in _WHOLE_NUMBERS else item.get(name) for name in names}
