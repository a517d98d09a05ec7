"""Reads the records of a page. Where the budget ends, the page is cut: it has only the first ones."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.dynamodb.expressions import Item
from shared.dynamodb.reads import MAX_KEYS
from shared.storage import large_metadata, records
from shared.storage.kind import Kind
from shared.storage.lists.budget import Budget
from shared.storage.lists.listing import Listing


def read(
    listing: Listing, asked: Sequence[str], found: Mapping[str, Item], budget: Budget, *, least: int = 1
) -> tuple[list[Item], int]:
    """The records of a page in order, whole, and how many of the ids were looked at: at least so many.

    Those in `found` are not read again, only completed.
    """
    stored, looked_at = read_stored(listing.kind, asked, budget, found=found, least=least)
    shown = asked[:looked_at]
    if not listing.with_metadata:
        return [stored[one] for one in shown if one in stored and "deleted_at" not in stored[one]], looked_at
    shown = shown[: max(min(least, len(shown)), _completable((stored.get(one, {}) for one in shown), budget))]
    there: Mapping[str, Any] = {one: stored[one] for one in shown if one in stored}
    return list(records.completed(listing.kind, there).values()), len(shown)


def read_stored(
    kind: Kind,
    asked: Sequence[str],
    budget: Budget,
    *,
    found: Mapping[str, Item] | None = None,
    least: int = 1,
) -> tuple[dict[str, Item], int]:
    """The records without large metadata, and how many of the ids were looked at: at least so many."""
    stored: dict[str, Any] = dict(found or {})
    left = [one for one in asked if one not in stored]
    while left:
        has_large = any(map(large_metadata.units, stored.values()))
        first_left = asked.index(left[0])
        still = max(0, least - first_left)
        some = left[: budget.records(len(left), least=still, keeps_call=has_large)]
        if not some:
            return stored, first_left
        before = budget.units
        stored |= records.get_stored(kind, some)
        budget.update_estimate(before, len(some))
        left = left[len(some) :]
    return stored, len(asked)


def _completable(stored: Iterable[Mapping[str, Any]], budget: Budget) -> int:
    """For how many records the budget suffices to read their large metadata."""
    units, number, place = 0.0, 0, 0
    for place, record in enumerate(stored, start=1):
        units += (cost := large_metadata.units(record))
        number += cost > 0
        if cost and (units > budget.units_of_page or number > budget.calls_of_page * MAX_KEYS):
            return place - 1
    return place
