"""Pages of lists: reads what the plan says, and builds the page."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from shared.domain import ids
from shared.domain.errors import InvalidData
from shared.dynamodb import reads
from shared.dynamodb.expressions import Item
from shared.dynamodb.metering import metered
from shared.dynamodb.parallel import run_both
from shared.storage import own_keys, records, terms
from shared.storage.items import GroupItem
from shared.storage.kind import Kind
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.lists import counts, gathered, page_records, plan, probes, walks
from shared.storage.lists.budget import LARGEST_CUSTOMER, LARGEST_RECORD, MOST_OF_A_CALL, UNITS_PER_ITEM, WALK, Budget
from shared.storage.lists.checks import Checks
from shared.storage.lists.counts import Count, Sizes
from shared.storage.lists.listing import CursorState, Listing, Page, Round
from shared.storage.lists.page_builder import PageBuilder
from shared.storage.lists.plan import Part, Plan
from shared.storage.lists.probes import Candidates
from shared.storage.lists.walks import Reading

ROWS_TO_FILTER: Final = 500
"""How many rows the first call of a walk reads if DynamoDB filters them. Later calls read more."""
NEAR: Final = 150
"""The highest offset of a list of members that is read before it is known that the group is not due."""
CALLS_AFTER_ROWS: Final = 3
"""What is still to be read if it is due: the group, and two lists of rows."""


class NoProgress(RuntimeError):
    """The next page would be the same page."""


def page(listing: Listing) -> Page:
    """Read one page.

    Raises CustomerGroupNotFound for `members_of`, and InvalidData for an invalid cursor.
    """
    try:
        asked = CursorState.of(listing)
    except ValueError:
        raise InvalidData.at("cursor", "this cursor is damaged") from None
    with metered() as meter:
        budget = Budget(meter, listing.limit, LARGEST_CUSTOMER if listing.kind is CUSTOMER else LARGEST_RECORD)
        if listing.shows_memberships:
            budget.reserve_beside_page(UNITS_PER_ITEM * listing.limit)
        found = _page(_by_ids(listing), budget)
        if listing.kind is GROUP:
            found = replace(found, items=list(counts.as_of_now(found.items, Budget(meter, listing.limit))))
    if found.next_position is not None and _place(CursorState.read(found.next_position)) == _place(asked):
        raise NoProgress
    return found


def _place(state: CursorState) -> tuple[str, Round]:
    return state.position, state.round


def _by_ids(listing: Listing) -> Listing:
    """The same listing, its filters naming records by their ids alone. Like the list, keys may be a moment old."""
    ids, related = listing.filters.ids, listing.filters.related
    others = GROUP if listing.kind is CUSTOMER else CUSTOMER
    filters = listing.filters._replace(ids=_resolved(listing.kind, ids), related=_resolved(others, related))
    return listing._replace(filters=filters)


def _resolved(kind: Kind, given: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if given is None else tuple(dict.fromkeys(own_keys.resolved(kind, given, consistent=False)))


def _page(listing: Listing, budget: Budget) -> Page:
    if plan.names_its_records(listing):
        return _named(listing, budget)
    if plan.is_straight(listing):
        return _straight(listing, budget)
    budget.reserve_page(listing.limit)
    return _selected(listing, counts.group_sizes(listing), budget)


def _selected(listing: Listing, sizes: Sizes, budget: Budget) -> Page:
    """A page whose matches are not one range of an index."""
    listing = listing._replace(due=sizes.due, with_terms=sizes.with_terms)
    merged = plan.merges_members(listing, sizes, budget.calls)
    results = probes.run(listing, sizes, budget, merged=merged)
    decided = plan.plan(listing, results.found)
    if decided is Plan.WALK:
        return _walk(listing, sizes, results.at_least, budget, merged=merged)
    return _gathered(listing, decided, results.probes[decided].candidates, sizes, budget)


def _named(listing: Listing, budget: Budget) -> Page:
    """The records that the filters name by id, name or e-mail address."""
    filters = listing.filters
    named = filters.ids if filters.ids is not None else records.holders(listing.kind, filters.names or ())
    groups = counts.group_sizes(listing)
    return gathered.from_records(listing, named, partial(_related, listing, Plan.NAMED, groups), budget)


def _gathered(listing: Listing, lead: Plan, candidates: Candidates, groups: Sizes, budget: Budget) -> Page:
    """All candidates of a lead, with the remaining checks applied."""
    related = partial(_related, listing, lead, groups)
    if plan.needs_records(listing) or not all(candidates.values()):
        return gathered.from_records(listing, candidates, related, budget)
    rows = {one: row for one in related(candidates) if (row := candidates[one])}
    return gathered.from_rows(listing, rows, budget)


def _related(listing: Listing, lead: Plan, groups: Iterable[str], candidates: Iterable[str]) -> list[str]:
    checks = Checks(listing, plan.related_to_check(listing, lead, groups))
    possible = list(filter(ids.is_possible, candidates))
    return checks.members_among(possible) if checks.must_be_related else possible


def _straight(listing: Listing, budget: Budget) -> Page:
    """Read the positions and the count, in parallel if the budget suffices for both, then the records of the page."""
    groups = [listing.members_of] if listing.members_of else list(listing.filters.related or ())
    if len(groups) == 1 and listing.filters.created is None and CursorState.of(listing).skip <= NEAR:
        return _members(listing, groups[0], budget)
    budget.reserve_page(listing.limit)
    sizes = counts.group_sizes(listing)
    if groups and (sizes.due or not plan.merges_members(listing, sizes, budget.calls)):
        return _selected(listing, sizes, budget)
    parts = plan.parts(listing, sizes, merged=bool(groups))
    builder, count = _rows_and_count(listing, parts, sizes, budget)
    if count == Count(0):  # also when the group does not exist
        return Page([], 0)
    if not count.is_exact and listing.limit:
        met = builder.state.matches
        count = Count(met) if builder.is_whole else Count(max(met, count.matches), is_exact=False)
    return _shown(listing, builder, count, {}, budget)


def _members(listing: Listing, group_id: str, budget: Budget) -> Page:
    """The members of one group. The group, which has their count, is read in the same batch as their records."""
    exists = ids.is_possible(group_id)
    budget.reserve_page(listing.limit)
    parts = plan.parts(listing, [group_id] if exists else [], merged=True)
    with budget.holding(CALLS_AFTER_ROWS, UNITS_PER_ITEM * (listing.limit + 1) + WALK):
        builder = _read_straight(listing, parts, budget, in_one_call=True)
    asked = [*([GROUP.key(group_id)] if exists else []), *(CUSTOMER.key(match.id) for match in builder.shown)]
    before = budget.units
    stored = reads.batch_get(asked[: (at_once := budget.records(len(asked), least=1))])
    budget.update_estimate(before, at_once)
    group: Item | GroupItem = stored.pop(GROUP.key(group_id), {"deleted_at": None})
    if terms.is_due(group):
        sizes = counts.sizes_of({group_id: group})
        # Few calls are left, so nothing is probed.
        return _walk(listing._replace(due=sizes.due), sizes, 0, budget, merged=True)
    if "deleted_at" in group:
        if listing.members_of is None:
            return Page([], 0)
        group = records.get(GROUP, group_id, consistent=True)
    found = {match.id: item for match in builder.shown if (item := stored.get(CUSTOMER.key(match.id)))}
    return _shown(listing, builder, Count(group["customer_count"]), found, budget)


def _rows_and_count(listing: Listing, parts: list[Part], sizes: Sizes, budget: Budget) -> tuple[PageBuilder, Count]:
    """If they could exceed the budget together, the rows are read first. Then what is left is used for counting."""
    read, count_up_to = (
        partial(_read_straight, listing, parts, budget),
        partial(counts.of_straight, listing, parts, sizes),
    )
    rows = _rows_of_page(listing, CursorState.of(listing)) if listing.limit else 0
    of_count = counts.units_of_straight(listing, sizes)
    if not parts or budget.can_read_beside(rows, walks.entry_of(parts[0]), of_count):
        return run_both(read, partial(count_up_to, counts.MAX_COUNTED + 1))
    with budget.holding(1, min(of_count, counts.UNITS_OF_TOTAL)):
        builder = read()
    if of_count == MOST_OF_A_CALL and (builder.is_whole or builder.state.matches >= counts.MAX_COUNTED):
        return builder, Count(builder.state.matches, is_exact=False)
    entry = walks.entry_of(counts.counted_part(listing, parts))
    return builder, count_up_to(budget.countable(counts.MAX_COUNTED + 1, entry))


def _rows_of_page(listing: Listing, state: CursorState) -> int:
    """How many rows show the page and whether there are more. On later pages, the row at the position is read again."""
    return state.skip + listing.limit + 1 + bool(state.position)


def _read_straight(listing: Listing, parts: list[Part], budget: Budget, *, in_one_call: bool = False) -> PageBuilder:
    budget.spend_reserve()
    state = CursorState.of(listing)
    builder = PageBuilder(listing.limit, state)
    if listing.limit:
        wanted = _rows_of_page(listing, state)
        steps = walks.steps(parts, Reading(listing, budget, wanted, most=wanted if in_one_call else None))
        builder.read(((step, None) for step in steps), count_to=0)
    return builder


def _walk(listing: Listing, sizes: Sizes, at_least: int, budget: Budget, *, merged: bool) -> Page:
    """Read the order's index until the page is full, then its records. On the first page, the rest is for counting."""
    parts = plan.parts(listing, sizes, merged=merged)
    related = plan.related_to_check(listing, Plan.WALK, sizes, merged=merged)
    checks = Checks(listing, related, reads_records=walks.needs_records(listing, parts))
    count = counts.of_group(listing, sizes, budget)
    if checks.reads_records:
        budget.records_are_read()
    budget.reserve_lookups(checks.must_be_related + checks.reads_records)
    first, growth = ROWS_TO_FILTER, walks.GROWTH
    if checks.are_needed:
        first = max(1, budget.all_candidates(len(related or ()), reads_records=checks.reads_records))
        growth = 1
    builder = PageBuilder(listing.limit, CursorState.of(listing))
    count_to = counts.MAX_COUNTED if listing.after is None else 0
    steps = walks.steps(parts, Reading(listing, budget, first, growth))
    passed = checks.apply(steps, budget)
    builder.read(passed, count_to=0)
    found = {match.id: match.record for match in builder.shown if match.record}
    calls, units = budget.calls, budget.units
    items, number = page_records.read(listing, [match.id for match in builder.shown], found, budget)
    budget.page_is_read()
    if builder.next_page and builder.state.matches < count_to:  # what the page did not need is not used for counting
        with budget.holding(max(0, budget.calls - calls), max(0, budget.units - units)):
            builder.read(passed, count_to=count_to)
    counted = count or counts.of_walk(builder.state, at_least, is_whole=builder.is_whole)
    return Page(items, *counted, builder.next_position(counted, number))


def _shown(listing: Listing, builder: PageBuilder, count: Count, found: Mapping[str, Item], budget: Budget) -> Page:
    """The page with its records. Those that are not in `found` are read."""
    items, number = page_records.read(listing, [match.id for match in builder.shown], found, budget)
    return Page(items, *count, builder.next_position(count, number))
