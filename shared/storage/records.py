"""Records: what groups and customers have in common, and how they are read.

A record is listed, counted, searchable and versioned. A lock keeps its name or e-mail address unique.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from shared.domain import ids
from shared.dynamodb import reads
from shared.dynamodb.expressions import EXISTS, Item, Key
from shared.storage import keys, large_metadata
from shared.storage.kind import Kind

IS_LIVE: Final = f"{EXISTS} AND attribute_not_exists(deleted_at)"
"""The condition that an item exists and is not deleted."""


def get[R](kind: Kind[R], item_id: str, *, consistent: bool = False) -> R:
    """The live record. Raises the kind's NotFound."""
    item: Any = _read(kind.key(item_id), consistent=consistent) if ids.is_possible(item_id) else None
    if item is None or "deleted_at" in item:
        raise kind.not_found(item_id)
    found: R = item
    return found


def get_many[R](
    kind: Kind[R], asked: Iterable[str], *, consistent: bool = False, attributes: Sequence[str] = ()
) -> dict[str, R]:
    """The live records among the ids, by id, in the given order. Each has all attributes or only `attributes`."""
    wanted = [item_id for item_id in dict.fromkeys(asked) if ids.is_possible(item_id)]
    needed = tuple(dict.fromkeys(("PK", "SK", "deleted_at", *attributes))) if attributes else ()
    found: Mapping[Key, Any] = large_metadata.batch_get(map(kind.key, wanted), consistent=consistent, attributes=needed)
    return _live(kind, wanted, found)


def get_stored[R](kind: Kind[R], asked: Iterable[str]) -> dict[str, R]:
    """The live records among the ids, without large metadata: see `completed`."""
    wanted = [item_id for item_id in dict.fromkeys(asked) if ids.is_possible(item_id)]
    return _live(kind, wanted, reads.batch_get(map(kind.key, wanted)))


def completed[R](kind: Kind[R], stored: Mapping[str, R]) -> dict[str, R]:
    """The records with their large metadata. One that was changed meanwhile is read again, if it is still live."""
    items: Mapping[str, Any] = stored
    found = large_metadata.completed({kind.key(item_id): item for item_id, item in items.items()})
    return _live(kind, items, found)


def _live(kind: Kind[Any], wanted: Iterable[str], found: Mapping[Key, Any]) -> dict[str, Any]:
    items = {item_id: found.get(kind.key(item_id)) for item_id in wanted}
    return {item_id: item for item_id, item in items.items() if item and "deleted_at" not in item}


def get_all[R](
    kind: Kind[R], asked: Iterable[str], *, attributes: Sequence[str] = ("id", "version", "rule_version")
) -> dict[str, R]:
    """Some attributes of records that must all exist. Raises NotFound for the first that is missing.

    Records that an eventually consistent read does not find are read again consistently.
    """
    wanted = list(dict.fromkeys(asked))
    found = get_many(kind, wanted, attributes=attributes)
    if missing := [one for one in wanted if one not in found]:
        found |= get_many(kind, missing, consistent=True, attributes=attributes)
    for one in wanted:
        if one not in found:
            raise kind.not_found(one)
    return found


def total(kind: Kind) -> int:
    """How many live records there are: the sum of the counters that every creation and deletion updates.

    The read is eventually consistent, like the list itself.
    """
    found = reads.batch_get(keys.counters(kind.list), attributes=("PK", "SK", "total"))
    return sum(counter["total"] for counter in found.values())


def holders(kind: Kind, names: Iterable[str], *, consistent: bool = False) -> list[str]:
    """The ids of the records that have any of the names."""
    locks = {lock for name in names for lock in kind.name_locks(name)}
    return [lock["holder"] for lock in reads.batch_get(locks, consistent=consistent).values()]


def taken(kind: Kind, asked: Iterable[str]) -> set[str]:
    """The ids that a record has, live or deleted."""
    wanted = {kind.key(item_id): item_id for item_id in asked if ids.is_possible(item_id)}
    return {wanted[key] for key in reads.batch_get(wanted, consistent=True, attributes=("PK", "SK"))}


def visible(kind: Kind, item: Any) -> dict[str, Any]:
    """The attributes of a record that a client can set."""
    return {name: item.get(name) for name in kind.attributes}


def _read(key: Key, *, consistent: bool) -> Item | None:
    """The item. One that a cheap read does not find may be too new for it, so a consistent read has the last word."""
    return large_metadata.get(key, consistent=consistent) or (
        None if consistent else large_metadata.get(key, consistent=True)
    )
