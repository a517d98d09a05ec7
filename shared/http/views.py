"""Turns items into resources of the API, with the relations that `fields` selects."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import batched, islice
from typing import Any, Final, NamedTuple, cast

from shared.domain import exact_json
from shared.domain.errors import InvalidData
from shared.dynamodb import parallel, reads
from shared.dynamodb.expressions import Item
from shared.http import fields, responses
from shared.storage import changes, membership_reads, records, terms
from shared.storage.kind import Kind
from shared.storage.kinds import CUSTOMER, GROUP

type Shown = Mapping[str, object]
"""A group or a customer, possibly with only some attributes."""

MAX_RELATED_IDS: Final = 50_000
MAX_RELATED: Final = 5_000
MAX_RECOUNTED: Final = 4
"""How many groups in customers are counted again when their memberships have just begun or ended: in two calls each."""


def group(item: Shown, selected: str | None) -> dict[str, Any]:
    """One group, as selected by `fields`."""
    return groups([item], selected)[0]


def customer(item: Shown, selected: str | None) -> dict[str, Any]:
    """One customer, as selected by `fields`."""
    return customers([item], selected)[0]


def etag(item: Shown) -> str:
    """The ETag of an item. It includes what changes without a new version: the member count, and the rule's status."""
    count = f"-{item['customer_count']}" if "customer_count" in item else ""
    applying = "-applying" if item.get("rule_status") == "applying" else ""
    return f'"{item["version"]}{count}{applying}"'


def groups(items: Sequence[Shown], selected: str | None) -> list[dict[str, Any]]:
    """Groups, with their `customers` if selected. Raises InvalidData if those are too many for one answer."""
    selection = fields.parse(selected, fields.GROUP_SHAPE)
    shown = [_attributes(item, selection.attributes) for item in items]
    if attributes := selection.relations.get("customers"):
        members = _Relation("customers", attributes, CUSTOMER, "customer_count", membership_reads.customer_ids)
        members.show(items, shown, "GET /admin/customer-groups/{id}/customers")
    return shown


def members(group_id: str, items: Sequence[Shown], selected: str | None) -> list[dict[str, Any]]:
    """Customers in a group, with their `groups` and their `membership` if selected. Raises InvalidData."""
    shown = customers(items, selected, fields.MEMBER_SHAPE)
    attributes = fields.parse(selected, fields.MEMBER_SHAPE).relations.get("membership")
    found = membership_reads.details(group_id, [str(item["id"]) for item in items]) if attributes else {}
    for view, item in zip(shown, items, strict=True) if attributes else ():
        membership = found.get(str(item["id"]))
        view["membership"] = _attributes(_membership(membership), attributes or ()) if membership else None
    return shown


def _membership(item: Shown) -> Shown:
    return {**item, "source": "rule" if item["added_by"] == changes.RULES else item.get("source", "manual")}


def customers(
    items: Sequence[Shown], selected: str | None, shape: fields.Shape = fields.CUSTOMER_SHAPE
) -> list[dict[str, Any]]:
    """Customers, with their `groups` if selected. Raises InvalidData if those are too many for one answer."""
    selection = fields.parse(selected, shape)
    shown = [_attributes(item, selection.attributes) for item in items]
    if attributes := selection.relations.get("groups"):
        groups_of = _Relation("groups", attributes, GROUP, "group_count", membership_reads.group_ids)
        groups_of.show(items, shown, "GET /admin/customer-groups?customers={id}")
    if "addresses" in selection.relations:
        for view in shown:
            view["addresses"] = []
    return shown


class _Relation(NamedTuple):
    """A relation to include in an answer, and how it is read."""

    name: str
    attributes: tuple[str, ...]
    kind: Kind
    counted_by: str
    """The attribute with the number of related records."""
    ids: Callable[[str], Iterable[str]]

    @property
    def has_only_ids(self) -> bool:
        return self.attributes == ("id",)

    def show(self, items: Sequence[Shown], shown: Sequence[dict[str, Any]], paged_route: str) -> None:
        """Add the related records to the views. Raises InvalidData if they do not fit into one answer."""
        most = MAX_RELATED_IDS if self.has_only_ids else MAX_RELATED
        if (total := sum(self._count(item) or 0 for item in items)) > most:
            raise _too_many(f"{total:,} related records", paged_route)
        ids = self._ids_of(items, most)
        if sum(map(len, ids.values())) > most:
            raise _too_many(f"More than {most:,} related records", paged_route)
        views = self._views([one for some in ids.values() for one in some], paged_route)
        for view, item in zip(shown, items, strict=True):
            view[self.name] = [views[one] for one in ids[str(item["id"])] if one in views]

    def _count(self, item: Shown) -> int | None:
        return cast("int | None", item.get(self.counted_by))

    def _ids_of(self, items: Sequence[Shown], most: int) -> dict[str, list[str]]:
        """The ids of what is related to each. Several are read in parallel, until there are too many in total."""
        found: dict[str, list[str]] = {str(item["id"]): [] for item in items}
        wanted = [str(item["id"]) for item in items if self._count(item) != 0]
        for some in batched(wanted, parallel.MOST_AT_ONCE, strict=False):
            left = max(0, most + 1 - sum(map(len, found.values())))
            found |= zip(some, parallel.run_all([partial(self._first_ids, one, left) for one in some]), strict=True)
        return found

    def _first_ids(self, one: str, most: int) -> list[str]:
        return list(islice(self.ids(one), most))

    def _views(self, ids: Sequence[str], paged_route: str) -> Mapping[str, dict[str, Any]]:
        """The related records by id. They are read in batches, so that too large ones are refused early."""
        if self.has_only_ids and self.kind is CUSTOMER:
            return {one: {"id": one} for one in ids}
        views: dict[str, dict[str, Any]] = {}
        due: list[Item] = []
        times_shown, size = Counter(ids), 0
        needed = (*self.attributes, *(terms.ATTRIBUTES if "customer_count" in self.attributes else ()))
        for some in batched(times_shown, reads.MAX_KEYS, strict=False):
            found = records.get_many(self.kind, some, attributes=needed)
            due += [{**item, "id": one} for one, item in found.items() if terms.is_due(item)]
            views |= {one: _attributes(item, self.attributes) for one, item in found.items()}
            if "metadata" in self.attributes:
                size += sum(times_shown[one] * len(exact_json.dumps(views[one])) for one in found)
            if size > responses.LARGEST_BYTES:
                raise _too_many("The related records", paged_route)
        for group in terms.with_counts(due[:MAX_RECOUNTED]):
            views[group["id"]]["customer_count"] = group["customer_count"]
        return views


def _too_many(what: str, paged_route: str) -> InvalidData:
    return InvalidData.at("fields", f"{what} do not fit into one answer; page through {paged_route}")


def _attributes(item: Shown, names: Iterable[str]) -> dict[str, Any]:
    return {name: item.get(name) for name in names}
