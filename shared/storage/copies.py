"""What is derived from a record and may lag behind it: copies in a customer's memberships, deferred search tokens."""

from collections.abc import Sequence
from itertools import batched

from shared import keys
from shared.storage import memberships, table, tokens
from shared.storage.kinds import CUSTOMER
from shared.storage.records import ROW, Kind
from shared.storage.table import Item, Stale, Write


def differ(before: Item, after: Item) -> bool:
    """Whether a change of a record leaves anything derived from it outdated."""
    return "tokens_of" in after or any(before.get(name) != after.get(name) for name in ROW)


@table.retried_when_stale
def refresh(kind: Kind, item_id: str) -> None:
    """Bring everything derived from a record up to its present state.

    It does not matter how often or how late: the present state decides, and every write holds the record to it.
    """
    item = table.get(kind.key(item_id), consistent=True)
    if item is None:
        return
    is_alive = "deleted_at" not in item
    if "tokens_of" in item:
        indexed = {"id": item_id, **item["tokens_of"]} if item["tokens_of"] else None
        _write(kind, item, tokens.difference(kind.list, indexed, item if is_alive else None))
        table.commit([_settled(kind, item)])
    if kind is CUSTOMER and is_alive:
        _write(kind, item, _membership_copies(item))


def _membership_copies(customer: Item) -> list[Write]:
    """The writes that renew the copies. Raises Stale while the index does not show all memberships yet."""
    group_ids = list(memberships.group_ids(customer["id"]))
    if len(group_ids) != customer["group_count"]:
        raise Stale
    return [
        table.update(
            keys.membership(group_id, customer["id"]),
            set=memberships.copy_of(customer),
            condition="attribute_exists(PK)",
            refused=Stale(),
        )
        for group_id in group_ids
    ]


def _write(kind: Kind, item: Item, writes: Sequence[Write]) -> None:
    """Write in whole transactions, each of which the record must not have changed for."""
    unchanged = table.check(kind.key(item["id"]), "version = :version", {":version": item["version"]}, Stale())
    for some in batched(writes, table.MOST_ACTIONS - 1, strict=False):
        table.commit([unchanged, *some])


def _settled(kind: Kind, item: Item) -> Write:
    return table.update(
        kind.key(item["id"]),
        remove=["tokens_of"],
        condition="version = :version",
        where={":version": item["version"]},
        refused=Stale(),
    )
