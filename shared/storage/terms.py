"""The count of a group at this moment, whose memberships may have begun or ended since it was stored.

A membership with terms has a term item for the moment at which it begins or ends next. The group's `term_at` is not
after the first of these moments, so a reader sees without a further read whether the stored count is the current one.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from shared.dynamodb import reads, retries
from shared.dynamodb.expressions import Condition, Item
from shared.dynamodb.parallel import run_all
from shared.runtime import clock
from shared.storage import keys, membership_reads
from shared.storage.items import GroupItem

ATTRIBUTES: Final = ("term_at", "term_list", "term_change")
"""What a group has because of its memberships' terms."""


def is_due(group: GroupItem | Item) -> bool:
    """Whether memberships of the group have begun or ended that its stored count does not consider."""
    return bool(group.get("term_at")) and str(group["term_at"]) <= clock.now()


def with_count(group: GroupItem) -> GroupItem:
    """The group with the number of members at this moment."""
    return with_counts([group])[0]


def with_counts[Group: (GroupItem, Item)](groups: Sequence[Group]) -> list[Group]:
    """The groups with the numbers of members at this moment.

    This takes no call, except in the minute in which memberships of a group begin or end: then two for each.
    """
    due = [place for place, group in enumerate(groups) if is_due(group)]
    found = list(groups)
    for place, group in zip(due, run_all([partial(_counted, groups[place]) for place in due]), strict=True):
        found[place] = group
    return found


def _counted(group: Any) -> Any:
    """The terms and the count are read until the count is the same after the terms as before."""
    before = group
    for _ in retries.attempts():
        growth = sum(_growth(item) for item in due(group["id"], clock.now()))
        after = reads.get(keys.group(group["id"]), consistent=True)
        if after is None or "customer_count" not in after:
            return group  # deleted meanwhile
        if [after.get(name) for name in _COUNTED] == [before.get(name) for name in _COUNTED]:
            return {**group, "customer_count": after["customer_count"] + growth}
        before = after
    raise AssertionError("attempts end with an error")


_COUNTED: Final = ("customer_count", *ATTRIBUTES)


def _growth(term: Item) -> int:
    """What a due term changes in the count: one more for a beginning, one less for the end of what was counted."""
    terms = membership_reads.terms_of(term)
    begins = term["SK"].startswith(f"{keys.TERM_PREFIX}{terms.starts_at}#")
    return terms.is_active(clock.now()) if begins else -1


def due(group_id: str, now: str) -> Iterator[Item]:
    """The term items of a group up to now, the earliest first."""
    values = {":group": keys.group(group_id).PK, ":first": keys.TERM_PREFIX, ":last": f"{keys.TERM_PREFIX}{now}$"}
    return reads.query(Condition("PK = :group AND SK BETWEEN :first AND :last", values), consistent=True)
