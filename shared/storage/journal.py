"""The history of each customer's groups: which ones it joined and left, and the terms of its memberships.

Entries are written from the stream, so that requests do not cost more. Each entry has the key of the group's change, so
a repeated record writes the same entry again. Entries expire like the changes of customers.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from shared.domain import exact_json, ids
from shared.dynamodb import batch_writes, reads
from shared.dynamodb.expressions import Condition, Item
from shared.storage import changes, keys

AROUND: Final = timedelta(seconds=2)
"""A deletion is looked for among the changes of its group whose ids were made this long before and after it."""

type MoveType = Literal["joined", "left", "terms_changed"]

MOVES: Final[Mapping[str, MoveType]] = {
    "customers_added": "joined",
    "customers_removed": "left",
    "terms_changed": "terms_changed",
}
"""What a change of a group's members is in the history of each of the customers."""


def is_of_members(change: Item) -> bool:
    """Whether an item is a change of a group's members."""
    return bool(changes.customer_ids(change))


def record(change: Item) -> None:
    """Write the entries of the customers that a change of a group added or removed, or gave other terms."""
    group = {"id": change["subject_id"], "name": name_of(change["subject_id"])}
    what, terms = MOVES[change["type"]], _terms(change)
    batch_writes.put(entry(change, what, one, group, terms.get(one)) for one in changes.customer_ids(change))


def _terms(change: Item) -> dict[str, dict[str, Any]]:
    """The terms before and after, of each customer who has or had any."""
    return {
        customer_id: {name: one[name] for name in ("previous", "new")}
        for one in changes.terms_of(change)
        for customer_id in one["customer_ids"]
    }


def record_deletion(group: Item, customer_ids: Iterable[str]) -> None:
    """Write the entries of the members of a deleted group: they left it when it was deleted."""
    if deletion := _deletion(group):
        named = {"id": group["id"], "name": _deleted_name(deletion)}
        batch_writes.put(entry(deletion, "left", customer_id, named) for customer_id in customer_ids)


def entry(
    change: Item,
    what: MoveType,
    customer_id: str,
    group: Mapping[str, str | None],
    terms: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The entry of one customer."""
    place = str(change["SK"]).removeprefix(keys.CHANGE_PREFIX)
    copied = ("id", "action", "at", "actor", "reason")
    return {
        **keys.move(customer_id, place)._asdict(),
        **{name: change[name] for name in copied if name in change},
        "type": what,
        "group": dict(group),
        **({"terms": terms} if terms else {}),
        "expires_at": changes.expiry_of_customers(),
    }


def name_of(group_id: str) -> str | None:
    """The name of a group now, or the last one of a deleted group."""
    key = keys.group(group_id)
    group = reads.batch_get([key], attributes=("PK", "SK", "name", "deleted_at")).get(key, {})
    if (name := group.get("name")) is not None:
        return str(name)
    deletion = _deletion(group)
    return _deleted_name(deletion) if deletion else None


def _deletion(group: Item) -> Item | None:
    """The change that deleted a group, however many changes followed: customers still leave a deleted group.

    Its id was made just before `deleted_at`.
    """
    if "deleted_at" not in group:
        return None
    at = datetime.fromisoformat(group["deleted_at"])
    first, last = (f"{keys.CHANGE_PREFIX}{ids.first_at('change', at + one)}" for one in (-AROUND, AROUND))
    mine = Condition(
        "PK = :group AND SK BETWEEN :first AND :last", {":group": group["PK"], ":first": first, ":last": last}
    )
    found = reads.query(mine, consistent=True)
    return next((change for change in found if change["type"] == "deleted"), None)


def _deleted_name(change: Item) -> str | None:
    name = exact_json.loads(change.get("before", "{}")).get("name")
    return None if name is None else str(name)
