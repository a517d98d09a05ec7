"""The history of a group or a customer: its changes, newest first, as single entries or grouped by action.

A customer's history has the changes of the record, and which groups the customer joined and left.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from shared.domain import exact_json, ids
from shared.domain.filters import Span
from shared.domain.ids import CustomerId, GroupId
from shared.dynamodb import reads
from shared.dynamodb.expressions import Condition, Item
from shared.storage import changes, customers, groups, keys
from shared.storage.keys import CHANGE_PREFIX, MOVE_PREFIX

MAX_READ: Final = 500
"""How many changes one page reads. A larger action continues on the next page, under the same id."""
PAGE_SIZE: Final = 100
LONGEST_ACTION: Final = timedelta(days=90)
"""Jobs are kept this long: no change is written later than this after its action began."""
EARLIEST: Final = "1971"
"""ULIDs count from 1970, and nothing here is older."""
FIRST_PLACE: Final = "change_0000000000"


class Wanted(NamedTuple):
    """Which changes a history contains. None or empty means all."""

    types: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    at: Span = Span(None, None)

    def match(self, change: Item) -> bool:
        return (
            (not self.types or change["type"] in self.types)
            and (not self.actors or change["actor"] in self.actors)
            and self.at.contains(change["at"])
        )

    def is_before(self, change: Item) -> bool:
        """Whether this change and all earlier actions are before the time span."""
        if self.at.start is None or self.at.start < EARLIEST:
            return False
        began = datetime.fromisoformat(ids.created_at(_action(change)))
        return began < datetime.fromisoformat(self.at.start) - LONGEST_ACTION

    def first_place(self, after: str | None) -> str | None:
        """The place to start after: that of the previous page, or the end of the time span."""
        if after is not None or self.at.end is None:
            return after
        if self.at.end < EARLIEST:
            return FIRST_PLACE
        return ids.first_at("change", datetime.fromisoformat(self.at.end))


EVERYTHING: Final = Wanted()


class Changes(NamedTuple):
    """A page of entries, each a list of changes, and the place of the last change if there are more."""

    entries: list[list[Item]]
    next_position: str | None


def of_group(
    group_id: GroupId, limit: int, after: str | None, wanted: Wanted = EVERYTHING, *, by_action: bool = False
) -> Changes:
    """Raises CustomerGroupNotFound."""
    groups.get(group_id)
    start = wanted.first_place(after)
    found = _descending(keys.group(group_id).PK, CHANGE_PREFIX, start, PAGE_SIZE if by_action else limit + 1)
    return _page(found, limit, wanted, by_action=by_action)


def of_customer(
    customer_id: CustomerId, limit: int, after: str | None, wanted: Wanted = EVERYTHING, *, by_action: bool = False
) -> Changes:
    """Raises CustomerNotFound."""
    customers.get(customer_id)
    start, size = wanted.first_place(after), PAGE_SIZE if by_action else limit + 1
    both = [_descending(keys.customer(customer_id).PK, prefix, start, size) for prefix in (CHANGE_PREFIX, MOVE_PREFIX)]
    return _page(heapq.merge(*both, key=_place, reverse=True), limit, wanted, by_action=by_action)


def _descending(partition: str, prefix: str, after: str | None, page_size: int) -> Iterator[Item]:
    return reads.query(
        Condition("PK = :subject AND begins_with(SK, :its)", {":subject": partition, ":its": prefix}),
        after={"PK": partition, "SK": f"{prefix}{after}"} if after else None,
        descending=True,
        page_size=page_size,
    )


def _page(found: Iterable[Item], limit: int, wanted: Wanted, *, by_action: bool) -> Changes:
    entries: list[list[Item]] = []
    last: str | None = None
    for read, change in enumerate(found):
        if wanted.is_before(change):
            break
        continues = by_action and bool(entries) and _action(entries[-1][-1]) == _action(change)
        matches = wanted.match(change)
        if read == MAX_READ or (matches and len(entries) == limit and not continues):
            return Changes(entries, last)
        last = _place(change)
        if matches and continues:
            entries[-1].append(change)
        elif matches:
            entries.append([change])
    return Changes(entries, None)


def view_of_group(entry: Sequence[Item]) -> dict[str, object]:
    """An entry of a group's history in the shape of the API."""
    return _view(entry, "customers_changed") | {
        "added": [one for change in entry for one in change.get("added", [])],
        "removed": [one for change in entry for one in change.get("removed", [])],
        "terms": [one for change in entry for one in changes.terms_of(change)],
    }


def view_of_customer(entry: Sequence[Item]) -> dict[str, object]:
    """An entry of a customer's history in the shape of the API."""
    return _view(entry, "groups_changed") | {
        "joined": [change["group"] for change in entry if change["type"] == "joined"],
        "left": [change["group"] for change in entry if change["type"] == "left"],
        "terms": [{"group": change["group"], **change["terms"]} for change in entry if "terms" in change],
    }


def _view(entry: Sequence[Item], several: str) -> dict[str, Any]:
    """`several` is the type of an entry that has changes of more than one type."""
    newest = entry[0]
    types = {change["type"] for change in entry}
    return {
        "id": newest["id"] if len(entry) == 1 else _action(newest),
        "action_id": _action(newest),
        "type": newest["type"] if len(types) == 1 else several,
        "at": newest["at"],
        "actor": newest["actor"],
        "actor_name": None,
        "reason": newest.get("reason"),
        "version": newest.get("version"),
        "before": exact_json.loads(newest["before"]) if "before" in newest else None,
        "after": exact_json.loads(newest["after"]) if "after" in newest else None,
    }


def _action(change: Item) -> str:
    """The id of the change's action. Changes written before actions existed each count as one action."""
    return str(change.get("action", change["id"]))


def _place(change: Item) -> str:
    """The place of a change among those of its record."""
    return str(change["SK"]).partition("#")[2]
