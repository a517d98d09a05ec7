"""The number of matches: read from a counter if there is one, otherwise counted within the budget."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from shared.domain.filters import NO_FILTERS
from shared.dynamodb import reads
from shared.dynamodb.expressions import Item
from shared.storage import keys, records, terms
from shared.storage.kinds import GROUP
from shared.storage.lists import plan, walks
from shared.storage.lists.budget import MOST_OF_A_CALL, UNITS_PER_ITEM, Budget
from shared.storage.lists.listing import CREATION, CursorState, Listing
from shared.storage.lists.plan import Part

MAX_COUNTED: Final = 1_000
"""Matches that have no counter and are not all read are counted up to this number."""
CALLS_TO_RECOUNT: Final = 2
UNITS_TO_RECOUNT: Final = 110
"""What counting the members of a due group again takes: its terms, and the count. The ids may be long."""
UNITS_OF_TOTAL: Final = keys.SHARDS * UNITS_PER_ITEM
"""What reading the counters of a list takes."""


class Count(NamedTuple):
    """The number of matches, exact or a lower bound."""

    matches: int
    is_exact: bool = True

    @property
    def capped(self) -> "Count":
        """The same, where a lower bound is at most MAX_COUNTED."""
        return self if self.is_exact else Count(min(self.matches, MAX_COUNTED), is_exact=False)


class Sizes(dict[str, int]):
    """The stored member counts of groups, by id. Those of due groups can be a minute old."""

    groups: Mapping[str, Any]
    """The groups, with what is needed to count their members again."""
    due: frozenset[str] = frozenset()
    """Those in which memberships have begun or ended that are not yet moved to or from the list of members."""
    with_terms: frozenset[str] = frozenset()
    """Those with memberships that begin or end."""


def group_sizes(listing: Listing) -> Sizes:
    """The groups whose members are listed, without groups that do not exist.

    Raises CustomerGroupNotFound if the list is that of a single group, which must exist.
    """
    if not listing.lists_members:
        return Sizes()
    attributes = ("id", "customer_count", *terms.ATTRIBUTES)
    if listing.members_of is not None:
        return sizes_of(records.get_all(GROUP, [listing.members_of], attributes=attributes))
    return sizes_of(records.get_many(GROUP, listing.filters.related or (), attributes=attributes))


def sizes_of(groups: Mapping[str, Any]) -> Sizes:
    """The member counts of groups that were read."""
    sizes = Sizes((group_id, group["customer_count"]) for group_id, group in groups.items())
    sizes.groups = groups
    sizes.due = frozenset(group_id for group_id, group in groups.items() if terms.is_due(group))
    sizes.with_terms = frozenset(group_id for group_id, group in groups.items() if group.get("term_at"))
    return sizes


def of_group(listing: Listing, sizes: Sizes, budget: Budget) -> Count | None:
    """The member count of the only group. None if it is not what is listed, or would have to be counted again.

    Due terms are read once: more tries would take a list's budget. On later pages the count is known.
    """
    if listing.membership != "active" or not listing.filters.given <= {"related"} or len(sizes) != 1:
        return None
    if not sizes.due:
        return Count(sum(sizes.values()))
    if (
        CursorState.of(listing).count_is_exact
        or budget.calls - len(plan.member_parts(listing, sizes)) < CALLS_TO_RECOUNT
    ):
        return None
    (group,) = terms.with_counts(list(sizes.groups.values()), tries=1)
    return Count(group["customer_count"])


def as_of_now(groups: Iterable[Item], budget: Budget) -> Iterator[Item]:
    """Groups with the numbers of members at this moment. Where the budget does not suffice, they are a minute old."""
    for group in groups:
        is_affordable = budget.calls >= CALLS_TO_RECOUNT and budget.units >= UNITS_TO_RECOUNT
        yield terms.with_counts([group], tries=1)[0] if terms.is_due(group) and is_affordable else group


def units_of_straight(listing: Listing, sizes: Sizes) -> float:
    """The most units that `of_straight` takes."""
    if not listing.lists_members:
        return UNITS_OF_TOTAL if listing.filters == NO_FILTERS else MOST_OF_A_CALL
    return MOST_OF_A_CALL if listing.filters.created and len(sizes) == 1 else 0


def of_straight(listing: Listing, parts: list[Part], sizes: Sizes, most: int) -> Count:
    """The count of a list that is one range of an index, of which `most` entries may be read.

    For members of several groups it is a lower bound.
    """
    if listing.lists_members:
        if len(sizes) > 1 or listing.filters.created is None:
            largest = 0 if listing.filters.created else max(sizes.values(), default=0)
            return Count(largest, len(sizes) <= 1)
        return _counted(listing, parts[0], most) if sizes else Count(0)
    if listing.filters == NO_FILTERS:
        return Count(records.total(listing.kind))
    return _counted(listing, counted_part(listing, parts), most)


def counted_part(listing: Listing, parts: list[Part]) -> Part:
    """The list that is counted. Instead of both parts of an order by account, it is that of all customers."""
    return parts[0] if len(parts) == 1 else Part(CREATION.indexed_by, listing.kind.list)


def of_walk(state: CursorState, at_least: int, *, is_whole: bool) -> Count:
    """The count of the matches on this page and the pages before."""
    if state.count_is_exact:
        return Count(state.known_count)
    if is_whole:
        return Count(state.matches)
    return Count(max(state.matches, state.known_count, min(at_least, MAX_COUNTED)), is_exact=False)


def _counted(listing: Listing, part: Part, most: int) -> Count:
    key = walks.key_of(listing, part)
    if key is None:
        return Count(0)
    return Count(*reads.count(key, most, index=part.indexed_by)).capped if most else Count(0, is_exact=False)
