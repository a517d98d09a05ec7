"""References: uses of a group by other systems. A group with references is only deleted with `force`.

A group counts its references and numbers their changes. Each write of a reference has the condition that the number is
the one that was read, and so has the group's deletion. So no reference is added to a deleted group, and a deletion
includes every reference. If two writes compete, the second one starts again.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, NamedTuple, Self

from shared.domain.errors import InvalidData, ReferenceNotFound, TooManyReferences
from shared.domain.ids import GroupId
from shared.dynamodb import actions, reads, retries, transactions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import Condition, Item, Key
from shared.dynamodb.retries import Stale
from shared.runtime import clock
from shared.storage import keys, records
from shared.storage.items import GroupItem, ReferenceItem
from shared.storage.kinds import GROUP
from shared.storage.records import IS_LIVE
from shared.storage.state import State

MAX_REFERENCES: Final = 1_000
"""The most references of a group. They must fit into the change of its deletion."""
REMOVAL_KEPT_SECONDS: Final = 30 * 24 * 3600
"""The number of a removal is kept until no late event of the source is expected. DynamoDB then removes it."""

RULES: Final = "rules"
"""The system of references from the rule of a group. They are written with the rule."""
SHOWN: Final = ("system", "id", "label", "url", "created_by", "created_at")
COUNTED: Final = ("reference_count", "reference_change")
"""The attributes of a group that count its references and number their changes."""


class Use(NamedTuple):
    """The system that uses a group, and the id of the use in that system."""

    system: str
    id: str


class Page(NamedTuple):
    """References in order, and the position of the last one if there are more."""

    items: list[ReferenceItem]
    next_position: str | None


def of_group(group_id: str, limit: int, after: str | None = None) -> Page:
    """The references of a live group, ordered by system and id."""
    start = {"PK": keys.group(group_id).PK, "SK": after} if after else None
    found = reads.query(_with(group_id, keys.REFERENCE_PREFIX), after=start, page_size=limit + 1)
    items: list[Any] = list(islice(found, limit + 1))
    return Page(items[:limit], items[limit - 1]["SK"] if len(items) > limit else None)


def every(group_id: str) -> Iterator[ReferenceItem]:
    """All references of a group, read consistently."""
    found: Iterator[Any] = reads.query(_with(group_id, keys.REFERENCE_PREFIX), consistent=True)
    return found


def count(group: GroupItem) -> int:
    """The number of a group's references."""
    return group.get("reference_count", 0)


@retries.when_stale
def put(group_id: GroupId, use: Use, label: str, url: str | None, actor: str) -> ReferenceItem:
    """Create a reference, or change its label and link. Raises CustomerGroupNotFound, TooManyReferences."""
    known = Known.read(group_id, use)
    return _register(known, label, url, actor, known.number)


@retries.when_stale
def remove(group_id: GroupId, use: Use) -> None:
    """Delete a reference. Raises CustomerGroupNotFound, ReferenceNotFound."""
    known = Known.read(group_id, use)
    if known.present is None:
        raise ReferenceNotFound(use.system, use.id)
    _delete(known, known.number)


@retries.when_stale
def apply_addition(group_id: GroupId, use: Use, label: str, url: str | None, state: State) -> None:
    """Create or change the reference of an event, unless a later state was applied. Raises the errors of `put`."""
    known = Known.read(group_id, use)
    if state.is_newer_than(known.last):
        _register(known, label, url, state.source, state.number)


@retries.when_stale
def apply_removal(group_id: GroupId, use: Use, state: State) -> None:
    """Delete the reference of an event. Stores the state's number, because an earlier addition may arrive later.

    Raises CustomerGroupNotFound.
    """
    known = Known.read(group_id, use)
    if state.is_newer_than(known.last):
        _delete(known, state.number)


def view(reference: ReferenceItem) -> dict[str, object]:
    """A reference in the shape of the API."""
    return {name: reference[name] for name in SHOWN}


def as_read(group: GroupItem) -> dict[str, Any]:
    """The attributes of a group that are unchanged if its references are those that were read with it."""
    return {"reference_change": group.get("reference_change")}


def all_keys(group_id: str) -> Iterator[Key]:
    """The keys of a group's references and of its removed references."""
    for prefix in (keys.REFERENCE_PREFIX, keys.REMOVED_REFERENCE_PREFIX):
        for item in reads.query(_with(group_id, prefix), attributes=("PK", "SK"), consistent=True):
            yield Key(item["PK"], item["SK"])


def _with(group_id: str, prefix: str) -> Condition:
    return Condition("PK = :group AND begins_with(SK, :its)", {":group": keys.group(group_id).PK, ":its": prefix})


class Known(NamedTuple):
    """The state of a reference that was read, with its group."""

    group: GroupItem
    use: Use
    present: ReferenceItem | None
    removed: Item | None
    """The item that remains of a removed reference."""

    @classmethod
    def read(cls, group_id: GroupId, use: Use) -> Self:
        """Raises CustomerGroupNotFound, InvalidData."""
        if use.system == RULES:
            raise InvalidData.at("system", f"{RULES} is reserved for the rules of automatic groups")
        group = records.get(GROUP, group_id, consistent=True)
        mine = keys.reference(group["id"], *use), keys.removed_reference(group["id"], *use)
        found: Any = reads.batch_get(mine, consistent=True)
        return cls(group, use, found.get(mine[0]), found.get(mine[1]))

    @property
    def last(self) -> Any:
        return self.present or self.removed

    @property
    def number(self) -> int | None:
        """The number of the last state from an event. HTTP requests do not change it."""
        return self.last.get("source_number") if self.last else None

    @property
    def places(self) -> tuple[Key, Key]:
        """The keys of the reference and of its removal."""
        return keys.reference(self.group["id"], *self.use), keys.removed_reference(self.group["id"], *self.use)


def _register(known: Known, label: str, url: str | None, actor: str, number: int | None) -> ReferenceItem:
    if known.present is None and count(known.group) >= MAX_REFERENCES:
        raise TooManyReferences(MAX_REFERENCES)
    place, removed = known.places
    item: Any = {
        **place._asdict(),
        "system": known.use.system,
        "id": known.use.id,
        "label": label,
        "url": url,
        "created_by": known.present["created_by"] if known.present else actor,
        "created_at": known.present["created_at"] if known.present else clock.now(),
        **({} if number is None else {"source_number": number}),
    }
    if item != known.present:
        gone = [actions.delete(removed)] if known.removed else []
        transactions.commit([_changed(known, 0 if known.present else 1), actions.put(item), *gone])
    registered: ReferenceItem = item
    return registered


def _delete(known: Known, number: int | None) -> None:
    place, removed = known.places
    writes = [_changed(known, -1 if known.present else 0)]
    if known.present:
        writes.append(actions.delete(place))
    if number is not None:
        expires_at = clock.epoch_seconds() + REMOVAL_KEPT_SECONDS
        writes.append(actions.put(removed._asdict() | {"source_number": number, "expires_at": expires_at}))
    transactions.commit(writes)


def _changed(known: Known, growth: int) -> Action:
    """Update the count, on the condition that no other reference of the group has changed since it was read."""
    number = known.group.get("reference_change")
    is_as_read = "attribute_not_exists(reference_change)" if number is None else "reference_change = :as_read"
    return actions.update(
        keys.group(known.group["id"]),
        add={"reference_change": 1, "reference_count": growth},
        condition=f"{IS_LIVE} AND {is_as_read}",
        where=None if number is None else {":as_read": number},
        refused=Stale(),
        contended=GROUP.contended(known.group["id"]),
    )
