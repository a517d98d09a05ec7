"""The history of a group or a customer: its changes, newest first, as single entries or grouped by action.

A customer's history has the changes of the record, and which groups the customer joined and left. A page ends early,
with a position to go on from, when the read budget of lists is used up.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from shared.domain import exact_json, ids
from shared.domain.filters import Span
from shared.domain.ids import CustomerId, GroupId
from shared.dynamodb import reads
from shared.dynamodb.expressions import Condition, Item
from shared.dynamodb.metering import Meter, metered
from shared.storage import changes, customers, groups, keys
from shared.storage.keys import CHANGE_PREFIX, MOVE_PREFIX

MAX_READ: Final = 500
"""How many changes one page reads. A larger action continues on the next page, under the same id."""
PAGE_SIZE: Final = 100
MAX_CALLS: Final = 8
MAX_UNITS: Final = 200
"""The budget of a list. Its module is not imported, because it would load all that lists need."""
MAX_UNITS_OF_A_CALL: Final = 129
"""A query returns at most 1 MB, whatever the size of the items."""
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


class OutOfBudgetError(Exception):
    """The budget is used up. The page contains what was found so far."""


class Changes(NamedTuple):
    """A page of entries, each a list of changes, and the place of the last change if there are more."""

    entries: list[list[Item]]
    next_position: str | None


def of_group(
    group_id: GroupId, limit: int, after: str | None, wanted: Wanted = EVERYTHING, *, by_action: bool = False
) -> Changes:
    """Raises CustomerGroupNotFound."""
    with metered() as meter:
        groups.get(group_id)
        read = _Reading(keys.group(group_id).PK, _page_size(limit, wanted, by_action=by_action), meter)
        found = read.descending(CHANGE_PREFIX, wanted.first_place(after))
        return _page(found, limit, wanted, by_action=by_action)


def of_customer(
    customer_id: CustomerId, limit: int, after: str | None, wanted: Wanted = EVERYTHING, *, by_action: bool = False
) -> Changes:
    """Raises CustomerNotFound."""
    with metered() as meter:
        customers.get(customer_id)
        read = _Reading(keys.customer(customer_id).PK, _page_size(limit, wanted, by_action=by_action), meter)
        start = wanted.first_place(after)
        both = [read.descending(prefix, start) for prefix in (CHANGE_PREFIX, MOVE_PREFIX)]
        return _page(heapq.merge(*both, key=_place, reverse=True), limit, wanted, by_action=by_action)


def _page_size(limit: int, wanted: Wanted, *, by_action: bool) -> int:
    """How many changes each call reads. If each change is an entry, one more than the page is enough."""
    return limit + 1 if wanted == EVERYTHING and not by_action else max(PAGE_SIZE, limit + 1)


class _Reading(NamedTuple):
    """How the changes of one record are read."""

    partition: str
    page_size: int
    meter: Meter

    def descending(self, prefix: str, after: str | None) -> Iterator[Item]:
        """Changes from the newest. Raises OutOfBudgetError before a further call that may exceed the budget."""
        key = Condition("PK = :subject AND begins_with(SK, :its)", {":subject": self.partition, ":its": prefix})
        start: Mapping[str, str] | None = {"PK": self.partition, "SK": f"{prefix}{after}"} if after else None
        while True:
            found = reads.one_slice(key, self.page_size, after=start, descending=True)
            yield from found.items
            start = found.last_key
            if start is None:
                return
            if self.meter.calls >= MAX_CALLS or self.meter.units + MAX_UNITS_OF_A_CALL > MAX_UNITS:
                raise OutOfBudgetError


def _page(found: Iterable[Item], limit: int, wanted: Wanted, *, by_action: bool) -> Changes:
    entries: list[list[Item]] = []
    last: str | None = None
    try:
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
    except OutOfBudgetError:
        return Changes(entries, last)
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
