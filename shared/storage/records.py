"""What groups and customers have in common.

Each is listed, counted, searchable, versioned and unique by a locked name; every write of it is one transaction
that appends its change.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from shared import clock, keys, search
from shared.errors import ApiError, PreconditionFailed
from shared.keys import Key, ListName
from shared.storage import changes, table, tokens
from shared.storage.table import Condition, Item, Stale, Write

ROW: Final = ("by_created", "by_name", "by_updated", "search_text", "created_by", "has_account")
"""What a list needs to know of an item: to order it, to filter it, to search it."""


ONCE_KEPT_SECONDS: Final = 25 * 3600
"""Longer than the answers that `Idempotency-Key` keeps."""


class CreatedBeforeError(Exception):
    """The same request has created its record before, and died or was not heard."""


class Kind(NamedTuple):
    """What sets groups and customers apart."""

    list: ListName
    key: Callable[[str], Key]
    attributes: tuple[str, ...]
    """What a client can set and see change."""
    lock: Callable[[Item], Key | None]
    """The name that no other item may have, or None."""
    locks: Callable[[str], Iterable[Key]]
    """All locks that an item of a given name may hold."""
    taken: Callable[[Item], ApiError]
    not_found: Callable[[str], ApiError]
    sort_name: Callable[[Item], str]
    searched: Callable[[Item], Iterable[str | None]]


class Precondition:
    """The `If-Match` of a request: the versions that the client is ready to change, or any."""

    def __init__(self, versions: frozenset[int] | None = None) -> None:
        self.versions = versions

    def check(self, version: int) -> None:
        """Raise `PreconditionFailed` unless the version is one that the client named."""
        if self.versions is not None and version not in self.versions:
            raise PreconditionFailed(f"The resource is at version {version} now; it was changed since you read it.")

    def as_condition(self) -> tuple[str, dict[str, int]]:
        """The same for DynamoDB to check: what to add to a condition, and the values it names."""
        if self.versions is None:
            return "", {}
        values = {f":version_{place}": version for place, version in enumerate(sorted(self.versions))}
        return f" AND version IN ({', '.join(values)})", values


ANY_VERSION: Final = Precondition()


def get(kind: Kind, item_id: str, *, consistent: bool = False) -> Item:
    """The living item. Raises the kind's NotFound."""
    item = _read(kind.key(item_id), consistent=consistent) if keys.is_possible_id(item_id) else None
    if item is None or "deleted_at" in item:
        raise kind.not_found(item_id)
    return item


def many(
    kind: Kind, ids: Iterable[str], *, consistent: bool = False, attributes: Sequence[str] = ()
) -> dict[str, Item]:
    """The living ones among the ids, by id, in the order asked for; of each only some `attributes`, or all."""
    wanted = [item_id for item_id in dict.fromkeys(ids) if keys.is_possible_id(item_id)]
    needed = ("PK", "SK", "deleted_at", *attributes) if attributes else ()
    found = table.batch_get(map(kind.key, wanted), consistent=consistent, attributes=needed)
    items = {item_id: found.get(kind.key(item_id)) for item_id in wanted}
    return {item_id: item for item_id, item in items.items() if item and "deleted_at" not in item}


def total(kind: Kind) -> int:
    """How many there are: the sum of the counters that every creation and deletion moves."""
    mine = Condition("PK = :counters", {":counters": keys.counter_partition(kind.list)})
    return sum(int(shard["total"]) for shard in table.query(mine, consistent=True))


def holders(kind: Kind, names: Iterable[str]) -> list[str]:
    """The ids of those that hold any of the names."""
    locks = {lock for name in names for lock in kind.locks(name)}
    return [lock["holder"] for lock in table.batch_get(locks).values()]


def create(
    kind: Kind,
    item_id: str,
    values: Mapping[str, Any],
    actor: str,
    *,
    over: Item | None = None,
    once: str | None = None,
) -> Item:
    """Write a new item, or one in the place of a tombstone (`over`).

    `once` tells a request from all others: where it came before, what it created then is the answer now.
    Raises the kind's refusal of a taken name, Stale when the place was taken meanwhile.
    """
    created_at = str(values.get("created_at") or clock.born(item_id))
    item: Item = {
        **kind.key(item_id)._asdict(),
        "id": item_id,
        "created_by": actor,
        "created_at": created_at,
        "updated_at": created_at,
        "version": 1,
        **values,
    }
    item |= row(kind, item)
    lock = kind.lock(item)
    essential = [
        *([_remember(once, item_id)] if once else []),
        *([_take(lock, item, kind)] if lock else []),
        table.update(keys.counter(kind.list, item_id), add={"total": 1}),
        changes.append(kind.key(item_id), "created", actor, version=int(item["version"]), after=visible(kind, item)),
    ]
    searchable, deferred = _fitting(kind, None, item, beside=len(essential) + 1)
    item |= deferred
    try:
        table.commit([place(item, over=over), *essential, *searchable])
    except CreatedBeforeError:
        return get(kind, _created_by(str(once)), consistent=True)
    return item


@table.retried_when_stale
def revise(
    kind: Kind, item_id: str, actor: str, precondition: Precondition, revision: Callable[[Item], Mapping[str, Any]]
) -> Item:
    """Change an item to what `revision` makes of its present state; concurrent revisions follow one another.

    A revision that changes nothing writes nothing. Raises NotFound, PreconditionFailed, the refusal of a taken name.
    """
    item = get(kind, item_id, consistent=True)
    precondition.check(int(item["version"]))
    return rewrite(kind, item, revision(item), actor)


def rewrite(
    kind: Kind, item: Item, values: Mapping[str, Any], actor: str, *, unseen: Mapping[str, Any] | None = None
) -> Item:
    """Set attributes of an item as it was read; `unseen` ones are no part of its history. Raises Stale."""
    was, became = changes.difference(visible(kind, item), values)
    if became:
        return _write_revision(kind, item, {**values, **(unseen or {})}, actor, was, became)
    if unseen:
        table.commit([_update(kind, item, unseen)])
    return item


def delete(
    kind: Kind,
    item: Item,
    actor: str,
    *,
    before: Mapping[str, Any] | None,
    forget: Iterable[str] = (),
    also: Iterable[Write] = (),
    where: Mapping[str, Any] | None = None,
    set: Mapping[str, Any] | None = None,  # noqa: A002 - DynamoDB's own word
) -> None:
    """Take an item out of every list and search, free its name, and mark it deleted: one transaction.

    `where` are further attributes that must still have the value they were read with. Raises `Stale`.
    """
    expected = dict(where or {})
    unchanged, as_read = _unchanged(item)
    version = int(item["version"]) + 1
    lock = kind.lock(item)
    essential = [
        *([_release(lock, item)] if lock else []),
        table.update(keys.counter(kind.list, item["id"]), add={"total": -1}),
        changes.append(kind.key(item["id"]), "deleted", actor, version=version, before=before),
        *also,
    ]
    unsearchable, deferred = _fitting(kind, item, None, beside=len(essential) + 1)
    tombstone = table.update(
        kind.key(item["id"]),
        set={"deleted_at": clock.now(), "version": version, **deferred, **(set or {})},
        remove=[name for name in dict.fromkeys(("LIST", *ROW, *forget)) if name in item],
        condition=" AND ".join([table.ALIVE, unchanged, *(f"#{name} = :old_{name}" for name in expected)]),
        where={f":old_{name}": value for name, value in expected.items()} | as_read,
        names=expected,
        refused=Stale(),
    )
    table.commit([tombstone, *essential, *unsearchable])


def row(kind: Kind, item: Item) -> dict[str, Any]:
    """The attributes that put an item into the lists, from its own."""
    return {
        "LIST": kind.list,
        "by_created": keys.sort_key(item["created_at"], item["id"]),
        "by_name": keys.sort_key(search.fold(kind.sort_name(item)), item["id"]),
        "by_updated": keys.sort_key(item["updated_at"], item["id"]),
        "search_text": search.search_text(kind.searched(item)),
    }


def visible(kind: Kind, item: Item) -> dict[str, Any]:
    return {name: item.get(name) for name in kind.attributes}


def _read(key: Key, *, consistent: bool) -> Item | None:
    """The item. One that a cheap read does not find may be too new for it, so a consistent read has the last word."""
    return table.get(key, consistent=consistent) or (None if consistent else table.get(key, consistent=True))


def _write_revision(
    kind: Kind, item: Item, values: Mapping[str, Any], actor: str, was: Mapping[str, Any], became: Mapping[str, Any]
) -> Item:
    version = int(item["version"]) + 1
    revised: Item = {**item, **values, "version": version, "updated_at": clock.now()}
    revised |= row(kind, revised)
    old_lock, new_lock = kind.lock(item), kind.lock(revised)
    essential = [changes.append(kind.key(item["id"]), "updated", actor, version=version, before=was, after=became)]
    if old_lock != new_lock:
        essential += [_take(new_lock, revised, kind)] if new_lock else []
        essential += [_release(old_lock, item)] if old_lock else []
    searchable, deferred = _fitting(kind, item, revised, beside=len(essential) + 1)
    revised |= deferred
    changed = {name: value for name, value in revised.items() if name in values or value != item.get(name)}
    table.commit([_update(kind, item, changed), *essential, *searchable])
    return revised


def _update(kind: Kind, item: Item, values: Mapping[str, Any]) -> Write:
    """Set attributes of an item that is still as it was read."""
    unchanged, as_read = _unchanged(item)
    return table.update(
        kind.key(item["id"]), set=values, condition=f"{table.ALIVE} AND {unchanged}", where=as_read, refused=Stale()
    )


def _unchanged(item: Item) -> tuple[str, dict[str, Any]]:
    """The condition that an item is as it was read, with its values.

    The number of the source's state that was taken over last belongs to it: it moves without the version when the
    source tells what is known already.
    """
    as_read = {":read_version": item["version"]}
    if "source_number" not in item:
        return "version = :read_version AND attribute_not_exists(source_number)", as_read
    return "version = :read_version AND source_number = :read_number", {
        **as_read,
        ":read_number": item["source_number"],
    }


def _fitting(kind: Kind, before: Item | None, after: Item | None, *, beside: int) -> tuple[list[Write], dict[str, Any]]:
    """The token writes if the transaction has room for them; else none, and the mark that leaves them to the stream.

    The mark, `tokens_of`, holds what the tokens that exist were made of. It stays until `refresh_copies` has caught up.
    """
    if before and "tokens_of" in before:
        return [], {}
    writes = tokens.difference(kind.list, before, after)
    if beside + len(writes) > table.MOST_ACTIONS:
        return [], {"tokens_of": tokens.copy_of(before) if before else {}}
    return writes, {}


def place(item: Item, *, over: Item | None) -> Write:
    """Put an item where there is none, or exactly over the one that was read. The refusal is Stale."""
    if over is None:
        return table.put(item, table.ABSENT, Stale())
    unchanged, as_read = _unchanged(over)
    return table.put(item, unchanged, Stale(), where=as_read)


def _remember(once: str, item_id: str) -> Write:
    """A request that died before it could answer must know its own work when it comes again."""
    expires_at = clock.epoch_seconds() + ONCE_KEPT_SECONDS
    mark = keys.creation(once)._asdict() | {"holder": item_id, "expires_at": expires_at}
    return table.put(mark, table.ABSENT, CreatedBeforeError())


def _created_by(once: str) -> str:
    mark = table.get(keys.creation(once), consistent=True) or {}
    return str(mark.get("holder", ""))


def _take(lock: Key, item: Item, kind: Kind) -> Write:
    return table.put(lock._asdict() | {"holder": item["id"]}, table.ABSENT, kind.taken(item))


def _release(lock: Key, item: Item) -> Write:
    return table.delete(lock, "holder = :id", Stale(), where={":id": item["id"]})
