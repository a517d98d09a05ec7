"""The count of a group at this moment, whose memberships may have begun or ended since it was stored.

A membership with terms has a term item for the moment at which it begins or ends next. The group's `term_at` is not
after the first of these moments, so a reader sees without a further read whether the stored count is the current one.
"""

from collections.abc import Sequence
from functools import partial
from itertools import islice
from typing import Any, Final

from shared.dynamodb import reads
from shared.dynamodb.expressions import Condition, Item
from shared.dynamodb.parallel import run_all
from shared.runtime import clock
from shared.storage import keys, membership_reads
from shared.storage.items import GroupItem

ATTRIBUTES: Final = ("term_at", "term_list", "term_change")
"""What a group has because of its memberships' terms."""
MAX_COUNTED: Final = 1_000
"""How many due terms of a group are counted, for 45 read units. Those after them are not in the count until
`apply_terms` has got to them."""
TRIES: Final = 3
"""How often the terms and the count are read if they are changed at the same time."""


def is_due(group: GroupItem | Item) -> bool:
    """Whether memberships of the group have begun or ended that its stored count does not consider."""
    return bool(group.get("term_at")) and str(group["term_at"]) <= clock.now()


def with_count(group: GroupItem) -> GroupItem:
    """The group with the number of members at this moment."""
    return with_counts([group])[0]


def with_counts[Group: (GroupItem, Item)](groups: Sequence[Group], tries: int = TRIES) -> list[Group]:
    """The groups with the numbers of members at this moment.

    This takes no call, except in the minute in which memberships of a group begin or end: then two for each try.
    """
    due = [place for place, group in enumerate(groups) if is_due(group)]
    found = list(groups)
    for place, group in zip(due, run_all([partial(_counted, groups[place], tries) for place in due]), strict=True):
        found[place] = group
    return found


def _counted(group: Any, tries: int) -> Any:
    """The terms and the count are read until the count is the same after the terms as before.

    While `apply_terms` is at work on many memberships, it may never be. Then the last try counts, which can be off by
    what was written in its few milliseconds: a reader is not refused because much has begun or ended.
    """
    before = counted = group
    for _ in range(tries):
        growth = sum(_growth(item) for item in due(group["id"], clock.now(), MAX_COUNTED))
        after = reads.get(keys.group(group["id"]), consistent=True)
        if after is None or "customer_count" not in after:
            return group  # deleted meanwhile
        counted = {**group, "customer_count": max(0, after["customer_count"] + growth)}
        if [after.get(name) for name in _COUNTED] == [before.get(name) for name in _COUNTED]:
            return counted
        before = after
    return counted


_COUNTED: Final = ("customer_count", *ATTRIBUTES)


def _growth(term: Item) -> int:
    """What a due term changes in the count: one more for a beginning, one less for the end of what was counted."""
    terms = membership_reads.terms_of(term)
    begins = term["SK"].startswith(f"{keys.TERM_PREFIX}{terms.starts_at}#")
    return terms.is_active(clock.now()) if begins else -1


def due(group_id: str, now: str, most: int) -> list[Item]:
    """The first term items of a group up to now, at most so many. No others are read."""
    values = {":group": keys.group(group_id).PK, ":first": keys.TERM_PREFIX, ":last": f"{keys.TERM_PREFIX}{now}$"}
    mine = Condition("PK = :group AND SK BETWEEN :first AND :last", values)
    return list(islice(reads.query(mine, consistent=True, page_size=most), most))
