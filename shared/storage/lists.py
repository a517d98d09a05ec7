"""Lists of groups, customers and members: filtered, searched, ordered, paged, with exact counts.

A list is answered in one of two ways. Where the filters name few records (ids, names, a search), their *rows* are
gathered, sorted and cut in memory: the work grows with the matches. Else an index that is already in the wanted order
is read from the wanted place on: the work grows with the page, or with what a filter passes over.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby, islice
from typing import Final, NamedTuple

from shared import keys, search
from shared.errors import InvalidData
from shared.keys import Index, ListName
from shared.storage import memberships, records, table, tokens
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.records import Kind
from shared.storage.table import Condition, Item

MOST_COUNTED: Final = 10_000
"""Filtered matches are counted up to here; the unfiltered total is kept and always exact."""
MOST_SORTED_IN_MEMORY: Final = 1_000
"""How many matches can be ordered by a field that has no index."""

_INDEXES: Final[Mapping[str, Index]] = {
    "id": keys.BY_CREATED,
    "created_at": keys.BY_CREATED,
    "name": keys.BY_NAME,
    "email": keys.BY_NAME,
    "updated_at": keys.BY_UPDATED,
}

ORDERS: Final[Mapping[ListName, tuple[str, ...]]] = {
    keys.GROUPS: ("id", "name", "created_at", "updated_at"),
    keys.CUSTOMERS: ("email", "created_at", "updated_at", "first_name", "last_name", "company_name"),
}
"""What each list can be ordered by."""


class Order(NamedTuple):
    """A field to sort by, and in which direction."""

    field: str
    descending: bool = False

    @property
    def indexed_by(self) -> Index | None:
        return _INDEXES.get(self.field)


class Span(NamedTuple):
    """Moments from `start` (included) to `end` (excluded), as texts that sort; None leaves a side open."""

    start: str | None
    end: str | None

    @property
    def is_empty(self) -> bool:
        return self.start is not None and self.end is not None and self.start >= self.end

    def holds(self, moment: str) -> bool:
        return (self.start is None or moment >= self.start) and (self.end is None or moment < self.end)


class Filters(NamedTuple):
    """What all matches have in common. None or empty stands for anything."""

    ids: tuple[str, ...] | None = None
    names: tuple[str, ...] | None = None
    """Exact names of groups, or exact e-mails of customers."""
    related: tuple[str, ...] | None = None
    """Groups by customers in them; customers by groups they are in."""
    created: Span | None = None
    updated: Span | None = None
    created_by: tuple[str, ...] | None = None
    has_account: bool | None = None
    words: tuple[str, ...] = ()

    def keep(self, row: Item) -> bool:
        """Whether a row passes the filters that a row can tell. `ids`, `names`, `related` are seen to elsewhere."""
        return (
            (self.created is None or self.created.holds(_value(row["by_created"])))
            and (self.updated is None or self.updated.holds(_value(row["by_updated"])))
            and (self.created_by is None or row["created_by"] in self.created_by)
            and (self.has_account is None or row.get("has_account") == self.has_account)
            and search.matches(row["search_text"], self.words)
        )

    def condition(self, indexed: Index) -> Condition | None:
        """The same as `keep`, for DynamoDB to apply; without the span that the index itself narrows."""
        parts: list[Condition] = []
        for span, index in ((self.created, keys.BY_CREATED), (self.updated, keys.BY_UPDATED)):
            if span and index != indexed:
                parts += _bounds(index, span)
        if self.created_by is not None:
            values = {f":creator_{place}": creator for place, creator in enumerate(self.created_by)}
            parts.append(Condition(f"created_by IN ({', '.join(values)})", values))
        if self.has_account is not None:
            parts.append(Condition("has_account = :has_account", {":has_account": self.has_account}))
        parts += [
            Condition(f"contains(search_text, :word_{place})", {f":word_{place}": word})
            for place, word in enumerate(self.words)
        ]
        return reduce(Condition.__and__, parts) if parts else None


CREATION: Final = Order("created_at")
ANYTHING: Final = Filters()


class Listing(NamedTuple):
    """One request for a page of a list."""

    kind: Kind
    order: Order = CREATION
    filters: Filters = ANYTHING
    offset: int = 0
    limit: int = 50
    after: str | None = None
    """The position after which the page begins, from a cursor."""
    members_of: str | None = None
    """The group whose members are listed. Unlike a group in `filters.related` it must exist."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: whole records in order, how many match in all, and the position of the last if more follow."""

    items: list[Item]
    count: int
    count_is_exact: bool = True
    next_position: str | None = None


def page(listing: Listing) -> Page:
    """Read one page.

    Raises CustomerGroupNotFound for `members_of`, InvalidData for an order that has no index and too many matches.
    """
    if listing.filters == ANYTHING and listing.order.indexed_by:
        return _page_of_everything(listing, listing.order.indexed_by)
    partitions = _partitions(listing)
    rows = _gathered(listing, partitions)
    if rows is None and listing.order.indexed_by:
        return _page_of_stream(listing, listing.order.indexed_by, partitions)
    return _page_of_rows(listing, list(_sortable(listing, partitions)) if rows is None else rows)


def _page_of_everything(listing: Listing, index: Index) -> Page:
    """Nothing is filtered: the page lies at a known place of an index, and the total is kept."""
    if listing.members_of is not None and not keys.is_possible_id(listing.members_of):
        raise GROUP.not_found(listing.members_of)
    group_key = keys.group(listing.members_of) if listing.members_of else None
    needed = listing.offset + listing.limit + 1
    partition = keys.members(listing.members_of) if listing.members_of else listing.kind.list
    positions = _positions(partition, listing, index, page_size=needed) if listing.limit else iter(())
    shown, following = _cut(islice(positions, listing.offset, needed), listing.limit)
    found = table.batch_get([*map(listing.kind.key, map(_id, shown)), *([group_key] if group_key else [])])
    if group_key:
        group = found.get(group_key, {"deleted_at": None})
        if "deleted_at" in group:
            raise GROUP.not_found(str(listing.members_of))
        total = int(group["customer_count"])
    else:
        total = records.total(listing.kind)
    items = [found[key] for key in map(listing.kind.key, map(_id, shown)) if key in found]
    return Page([item for item in items if "deleted_at" not in item], total, next_position=following)


def _page_of_stream(listing: Listing, index: Index, partitions: Sequence[ListName]) -> Page:
    """Read an index in order, filtering; from its beginning to count, from the cursor on to show."""
    if listing.after:
        wanted = islice(_merged(partitions, listing, index), listing.limit + 1)
        shown, following = _cut(wanted, listing.limit)
        count = sum(1 for _ in islice(_merged(partitions, listing._replace(after=None), index), MOST_COUNTED + 1))
    else:
        enough = max(MOST_COUNTED + 1, listing.offset + listing.limit + 1)
        matches = list(islice(_merged(partitions, listing, index), enough))
        shown, following = _cut(matches[listing.offset : listing.offset + listing.limit + 1], listing.limit)
        count = len(matches)
    items = list(records.many(listing.kind, map(_id, shown)).values())
    return Page(items, min(count, MOST_COUNTED), count <= MOST_COUNTED, following)


def _page_of_rows(listing: Listing, rows: Sequence[Item]) -> Page:
    """Sort what was gathered and cut the page out. Rows that are whole records already are not read again."""
    positions = sorted((_position(row, listing.order) for row in rows), reverse=listing.order.descending)
    count = len(positions)
    if listing.after:
        after, descending = listing.after, listing.order.descending
        positions = [one for one in positions if (one < after if descending else one > after)]
    shown, following = _cut(positions[listing.offset : listing.offset + listing.limit + 1], listing.limit)
    items = {row["id"]: row for row in rows if "version" in row} or records.many(listing.kind, map(_id, shown))
    return Page([items[one] for one in map(_id, shown) if one in items], count, next_position=following)


def _partitions(listing: Listing) -> list[ListName]:
    """The lists to read: that of the kind, or those of the members of groups that exist."""
    if listing.members_of:
        records.get(GROUP, listing.members_of)
        return [keys.members(listing.members_of)]
    if listing.kind is CUSTOMER and listing.filters.related is not None:
        return [keys.members(group_id) for group_id in records.many(GROUP, listing.filters.related)]
    return [listing.kind.list]


def _gathered(listing: Listing, partitions: Sequence[ListName]) -> list[Item] | None:
    """The rows of all matches where the filters name few; None where an index must be read instead."""
    rows = _named(listing)
    if rows is None:
        rows = _searched(listing)
    if rows is None:
        return None
    kept = [row for row in rows if listing.filters.keep(row)]
    if partitions == [listing.kind.list]:
        return kept
    if len(kept) > MOST_SORTED_IN_MEMORY:
        return None
    ids = [row["id"] for row in kept]
    members = set().union(*(memberships.among_members(keys.id_of(group), ids) for group in partitions))
    return [row for row in kept if row["id"] in members]


def _named(listing: Listing) -> list[Item] | None:
    """The records that the filters name by id, by name or by a customer; None if they name none."""
    kind, filters = listing.kind, listing.filters
    related = filters.related if kind is GROUP else None
    named: list[Iterable[str]] = []
    if filters.ids is not None:
        named.append(filters.ids)
    if filters.names is not None:
        named.append(records.holders(kind, filters.names))
    if related is not None:
        named.append(group_id for customer_id in related for group_id in memberships.group_ids(customer_id))
    if not named:
        return None
    ids, *others = (dict.fromkeys(one) for one in named)
    items = records.many(kind, (one for one in ids if all(one in other for other in others))).values()
    return [item for item in items if filters.names is None or item[kind.attributes[0]] in filters.names]


def _searched(listing: Listing) -> list[Item] | None:
    """The rows that a search finds by its longest word; None if that word is too short, or too many match."""
    filters = listing.filters
    if not filters.words or len(filters.words[0]) < search.SHORTEST_TOKEN:
        return None
    rows: dict[str, Item] = {}
    for token in tokens.find(listing.kind.list, filters.words[0]):
        if search.matches(token["search_text"], filters.words):
            item_id = _id(token["SK"])
            rows[item_id] = token | {"id": item_id}
        if len(rows) > MOST_COUNTED:
            return None
    if filters.updated is None and listing.order.indexed_by not in (None, keys.BY_UPDATED):
        return list(rows.values())
    # Tokens do not know when their item changed last: that would rewrite them all at every change.
    return list(records.many(listing.kind, rows).values()) if len(rows) <= MOST_SORTED_IN_MEMORY else None


def _sortable(listing: Listing, partitions: Sequence[ListName]) -> Iterable[Item]:
    """All matches, for an order that has no index. Raises InvalidData when they are too many."""
    matches = list(
        islice(_merged(partitions, listing._replace(after=None), keys.BY_CREATED), MOST_SORTED_IN_MEMORY + 1)
    )
    if len(matches) > MOST_SORTED_IN_MEMORY:
        indexed = ", ".join(sorted(name for name in _INDEXES if name in ORDERS[listing.kind.list]))
        raise InvalidData.at(
            "order",
            f"more than {MOST_SORTED_IN_MEMORY:,} matches cannot be ordered by {listing.order.field};"
            f" filter further or order by one of {indexed}",
        )
    return records.many(listing.kind, map(_id, matches)).values()


def _merged(partitions: Sequence[ListName], listing: Listing, index: Index) -> Iterator[str]:
    """The positions of all matches in several lists, in order, each once."""
    streams = [_positions(partition, listing, index) for partition in partitions]
    merged = heapq.merge(*streams, reverse=listing.order.descending)
    return (position for position, _ in groupby(merged))


def _positions(partition: ListName, listing: Listing, index: Index, page_size: int | None = None) -> Iterator[str]:
    """The positions of the matches in one list, read as they are consumed."""
    filters = listing.filters
    span = {keys.BY_CREATED: filters.created, keys.BY_UPDATED: filters.updated}.get(index)
    if span and span.is_empty:
        return iter(())  # DynamoDB refuses a range whose end comes first
    key = Condition("#LIST = :list", {":list": partition})
    if span:
        key &= _range(index, span)
    rows = table.query(
        key,
        index=index,
        matching=filters.condition(index),
        after=_start(partition, listing, index),
        descending=listing.order.descending,
        page_size=page_size,
        attributes=(index.sort,),
    )
    return (row[index.sort] for row in rows)


def _bounds(index: Index, span: Span) -> list[Condition]:
    bounds = ((">=", "start", span.start), ("<", "end", span.end))
    return [
        Condition(f"{index.sort} {compared} :{index.sort}_{name}", {f":{index.sort}_{name}": moment})
        for compared, name, moment in bounds
        if moment
    ]


def _range(index: Index, span: Span) -> Condition:
    """The bounds as one comparison: a key takes no two. Sort keys go on after the moment, so none equals the end."""
    bounds = reduce(Condition.__and__, _bounds(index, span))
    if span.start is None or span.end is None:
        return bounds
    start, end = bounds.where
    return Condition(f"{index.sort} BETWEEN {start} AND {end}", bounds.where)


def _start(partition: ListName, listing: Listing, index: Index) -> dict[str, str] | None:
    """Where DynamoDB should go on after the cursor's position: the keys of the row that lies there."""
    if not listing.after:
        return None
    row_id = _id(listing.after)
    in_group = partition != listing.kind.list
    key = keys.membership(keys.id_of(partition), row_id) if in_group else listing.kind.key(row_id)
    return {"LIST": partition, index.sort: listing.after, **key._asdict()}


def _position(row: Item, order: Order) -> str:
    if order.indexed_by:
        return str(row[order.indexed_by.sort])
    return keys.sort_key(search.fold(row.get(order.field) or ""), row["id"])


def _cut(positions: Iterable[str], limit: int) -> tuple[list[str], str | None]:
    """The page out of one position more than it holds, and the last one's if that one is there."""
    window = list(positions)
    return window[:limit], window[limit - 1] if limit and len(window) > limit else None


def _id(position: str) -> str:
    return position.rpartition("#")[2]


def _value(position: str) -> str:
    return position.rpartition("#")[0]
