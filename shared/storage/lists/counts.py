"""The number of matches: read from a counter if there is one, otherwise counted within the budget."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from shared.domain.filters import NO_FILTERS
from shared.dynamodb import reads
from shared.storage import records, terms
from shared.storage.kinds import GROUP
from shared.storage.lists import walks
from shared.storage.lists.listing import CursorState, Listing
from shared.storage.lists.plan import Part

MAX_COUNTED: Final = 1_000
"""Matches that have no counter and are not all read are counted up to this number."""


class Count(NamedTuple):
    """The number of matches, exact or a lower bound."""

    matches: int
    is_exact: bool = True

    @property
    def capped(self) -> "Count":
        """The same, where a lower bound is at most MAX_COUNTED."""
        return self if self.is_exact else Count(min(self.matches, MAX_COUNTED), is_exact=False)


class Sizes(dict[str, int]):
    """The member counts of groups, by id. Those of several groups can be a minute old: they are only estimates."""

    due: frozenset[str] = frozenset()
    """Those in which memberships have begun or ended that are not yet moved to or from the list of members."""


def group_sizes(listing: Listing) -> Sizes:
    """The member counts of the groups whose members are listed, without groups that do not exist.

    Raises CustomerGroupNotFound if the list is that of a single group, which must exist.
    """
    if not listing.lists_members:
        return Sizes()
    if listing.members_of is not None:
        groups = {listing.members_of: records.get(GROUP, listing.members_of)}
    else:
        attributes = ("id", "customer_count", *terms.ATTRIBUTES)
        groups = records.get_many(GROUP, listing.filters.related or (), attributes=attributes)
    return sizes_of(groups)


def sizes_of(groups: Mapping[str, Any]) -> Sizes:
    """The member counts of groups that were read. Due terms are read once: more tries would take a list's budget."""
    found = list(groups.values())
    exact = terms.with_counts(found, tries=1) if len(found) == 1 else found
    sizes = Sizes((group["id"], group["customer_count"]) for group in exact)
    sizes.due = frozenset(group_id for group_id, group in groups.items() if terms.is_due(group))
    return sizes


def of_straight(listing: Listing, parts: list[Part]) -> Count:
    """The count of a list that is one range of an index. For members of several groups it is a lower bound."""
    if not listing.lists_members:
        if listing.filters == NO_FILTERS:
            return Count(records.total(listing.kind))
        each = [_up_to_most(listing, part) for part in parts]
        return Count(sum(each), max(each, default=0) <= MAX_COUNTED).capped
    sizes = group_sizes(listing)
    if len(sizes) > 1 or listing.filters.created is None:
        largest = 0 if listing.filters.created else max(sizes.values(), default=0)
        return Count(largest, len(sizes) <= 1)
    there = sum(_up_to_most(listing, part) for part in parts) if sizes else 0
    return Count(there, there <= MAX_COUNTED).capped


def of_walk(state: CursorState, at_least: int, *, is_whole: bool) -> Count:
    """The count of the matches on this page and the pages before."""
    if state.count_is_exact:
        return Count(state.known_count)
    if is_whole:
        return Count(state.matches)
    return Count(max(state.matches, state.known_count, min(at_least, MAX_COUNTED)), is_exact=False)


def _up_to_most(listing: Listing, part: Part) -> int:
    key = walks.key_of(listing, part)
    return reads.count(key, MAX_COUNTED + 1, index=part.indexed_by) if key else 0
