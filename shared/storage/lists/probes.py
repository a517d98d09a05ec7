"""Bounded probes of leads. A probe returns all candidates of its lead if there are few."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import chain
from typing import Final, NamedTuple

from shared.domain import search
from shared.domain.filters import Filters, Row
from shared.domain.search import WHOLE, Word
from shared.dynamodb import reads
from shared.dynamodb.expressions import Condition
from shared.dynamodb.parallel import run_all
from shared.dynamodb.reads import Slice
from shared.storage import keys, membership_reads
from shared.storage.kind import Kind
from shared.storage.lists import plan, walks
from shared.storage.lists.budget import LEAST, ROWS, Budget, OutOfBudgetError
from shared.storage.lists.listing import CREATION, Listing, Order, row_of
from shared.storage.lists.plan import Found, Part, Plan
from shared.storage.lists.walks import Reading

LEADS: Final = 3
"""How many token prefixes are read, for the longest words."""
ROWS_OF_EACH: Final = 200
"""How many tokens of each prefix are read to find the rarest word, of which more are then read."""
_NEW: Final = 100
"""How many members a group may have that are not in its count yet."""
MAX_WHOLE: Final = 1_000
"""How many texts with too many words for tokens a search reads on, if ROWS_OF_EACH are not all."""

type Candidates = dict[str, Row | None]
"""All records that can match, by id, each with its row if the copies have all attributes of one."""


class Probe(NamedTuple):
    """The candidates of one lead. Not `complete` if there are more."""

    candidates: Candidates
    complete: bool


class ProbeResults(NamedTuple):
    """The results of all probes of a listing."""

    found: Found
    probes: Mapping[Plan, Probe]
    at_least: int = 0
    """A lower bound of the count, from tokens that match but are too many to read."""


def run(listing: Listing, group_sizes: Mapping[str, int], budget: Budget, *, merged: bool) -> ProbeResults:
    """Probe one lead after the other until one is complete, as long as enough is left for a walk."""
    probes: dict[Plan, Probe] = {}
    at_least = 0
    for lead in plan.leads(listing):
        with budget.holding(_calls_of_a_walk(listing, group_sizes, merged=merged)):
            probe = _PROBES[lead](listing, group_sizes, budget)
        if lead is Plan.WORDS and not ({"related", "updated"} & listing.filters.given or listing.lists_members):
            at_least = len(probe.candidates)
        if probe.complete:
            probes[lead] = probe
            found = Found(**{lead.name.lower(): len(probe.candidates)})
            if plan.plan(listing, found) is lead and _can_be_looked_up(listing, lead, probe, group_sizes, budget):
                return ProbeResults(found, probes, at_least)
    return ProbeResults(Found(), {}, at_least)


def _calls_of_a_walk(listing: Listing, group_sizes: Mapping[str, int], *, merged: bool) -> int:
    """How many calls a walk needs: for the rows of each part, for records, and for memberships if required."""
    parts = plan.parts(listing, group_sizes, merged=merged)
    related = plan.related_to_check(listing, Plan.WALK, group_sizes, merged=merged)
    return len(parts) + (related is not None) + walks.needs_records(listing, parts)


def _can_be_looked_up(
    listing: Listing, lead: Plan, probe: Probe, group_sizes: Mapping[str, int], budget: Budget
) -> bool:
    """Whether enough is left for the candidates' memberships and records, if these are needed."""
    related = plan.related_to_check(listing, lead, group_sizes) or ()
    reads_records = plan.needs_records(listing) or not all(probe.candidates.values())
    if not related and not reads_records:
        return True
    return len(probe.candidates) <= budget.all_candidates(len(related), reads_records=reads_records)


def _looked_at(listing: Listing, most: int) -> list[Word]:
    """The longest words whose token prefixes together do not exceed the limit."""
    leading = [word for word in listing.filters.words if word.leads]
    return [word for place, word in enumerate(leading) if sum(len(one.leads) for one in leading[: place + 1]) <= most]


def _words(listing: Listing, _: Mapping[str, int], budget: Budget) -> Probe:
    """The records of the rarest word: most texts with a rare word also have the other words."""
    calls = budget.calls - 1 if listing.lists_members else max(1, budget.calls - 2)  # the rarest word is read on
    words = _looked_at(listing, min(LEADS, calls))
    prefixes = 1 + sum(len(word.leads) for word in words)
    most = min(ROWS_OF_EACH, budget.rows_of_each(prefixes, ROWS))
    if not words or not most or budget.calls < prefixes:
        return _INCOMPLETE
    whole, *each = run_all([partial(_tokens, listing.kind, one, most) for one in (_WHOLE_WORD, *words)])
    for slice_ in chain(whole, *each):
        budget.learn(ROWS, slice_)
    if whole[0].last_key and budget.calls > 0:
        whole = [_more_whole(listing.kind, whole[0], budget)]
    if whole[0].last_key:
        return _INCOMPLETE
    complete = [slices for slices in each if not any(slice_.last_key for slice_ in slices)]
    if complete:
        return Probe(_rows(listing, whole, min(complete, key=_size)), complete=True)
    place = max(range(len(words)), key=lambda place: _share(listing.filters, each[place]))
    word = words[place]
    more = budget.rows_of_all(plan.FEW_ROWS, ROWS)
    if budget.calls < len(word.leads) or more <= most or listing.lists_members:
        return Probe(_rows(listing, whole, min(each, key=_size)), complete=False)
    rarest = _all_tokens(listing.kind, word, each[place], budget)
    return Probe(_rows(listing, whole, rarest), not any(slice_.last_key for slice_ in rarest))


def _rows(listing: Listing, *found: list[Slice]) -> Candidates:
    """The rows of tokens that pass the filters, each once."""
    rows = (row_of(item) for slices in found for one in slices for item in one.items)
    return {row.id: row for row in rows if _copies_kept(listing.filters, row)}


_WHOLE_WORD: Final = Word((), (WHOLE,))


def _tokens(kind: Kind, word: Word, most: int) -> list[Slice]:
    """The tokens that begin with a prefix of the word."""
    return [reads.one_slice(_beginning(kind, lead), most) for lead in word.leads]


def _all_tokens(kind: Kind, word: Word, begun: list[Slice], budget: Budget) -> list[Slice]:
    """The tokens of a word, one prefix after the other, because any of them can be large. `begun` has the first ones.

    The size of what was read says how many more are worth reading. It ends where a prefix has too many.
    """
    found = list(begun)
    for place, (lead, first) in enumerate(zip(word.leads, begun, strict=True)):
        if first.last_key:
            most = budget.rows_of_all(plan.FEW_ROWS - first.read, ROWS)
            found[place] = _continued(kind, lead, first, most, budget)
        if found[place].last_key:
            break
    return found


def _continued(kind: Kind, lead: str, first: Slice, most: int, budget: Budget) -> Slice:
    """The tokens that begin with a prefix: the first ones, and at most so many more."""
    if not most:
        return first
    more = reads.one_slice(_beginning(kind, lead), most, after=first.last_key)
    budget.learn(ROWS, more)
    return more._replace(items=first.items + more.items)


def _more_whole(kind: Kind, first: Slice, budget: Budget) -> Slice:
    """The texts without tokens of their own, after the first ones, as far as a walk can still follow."""
    return _continued(kind, WHOLE, first, budget.rows_of_all(MAX_WHOLE, ROWS), budget)


def _beginning(kind: Kind, lead: str) -> Condition:
    values = {":partition": keys.token_partition(kind.list, lead), ":begin": lead or "#"}
    return Condition("PK = :partition AND begins_with(SK, :begin)", values)


def _size(slices: Iterable[Slice]) -> int:
    return sum(len(one.items) for one in slices)


def _share(filters: Filters, slices: list[Slice]) -> float:
    texts = [item["search_text"] for one in slices for item in one.items]
    return sum(search.matches(text, filters.words) for text in texts) / max(1, len(texts))


def _copies_kept(filters: Filters, row: Row) -> bool:
    """Whether a row passes all filters, except those that copies cannot answer."""
    return filters._replace(updated=None).match(row)


def _members(listing: Listing, group_sizes: Mapping[str, int], budget: Budget) -> Probe:
    if sum(group_sizes.values()) > plan.FEW_ROWS:
        return _INCOMPLETE
    most = plan.FEW_ROWS if listing.due else min(plan.FEW_ROWS, max(group_sizes.values(), default=0) + _NEW)
    wanted = listing.filters._replace(updated=None)
    parts = plan.member_parts(listing, group_sizes)
    return _gathered(listing._replace(order=CREATION, filters=wanted), parts, budget, most)


def _related(listing: Listing, _: Mapping[str, int], budget: Budget) -> Probe:
    """The groups of customers. The first one's show how large memberships are."""
    group_ids: dict[str, Row | None] = {}
    customer_ids = listing.filters.related or ()
    for place, customer_id in enumerate(customer_ids):
        most = budget.rows_of_all(plan.FEW_RECORDS + 1, ROWS, parts=len(customer_ids) - place)
        if budget.calls < 1 or not most:
            return _INCOMPLETE
        found, slice_ = membership_reads.first_group_ids(customer_id, most)
        budget.learn(ROWS, slice_)
        if slice_.last_key:
            return _INCOMPLETE
        group_ids |= dict.fromkeys(found)
    return Probe(group_ids, complete=True)


def _updated(listing: Listing, _: Mapping[str, int], budget: Budget) -> Probe:
    wanted = Filters(updated=listing.filters.updated)
    return _in_order(listing, Order("updated_at"), wanted, budget)


def _created(listing: Listing, _: Mapping[str, int], budget: Budget) -> Probe:
    return _in_order(listing, CREATION, Filters(created=listing.filters.created), budget)


def _accounts(listing: Listing, _: Mapping[str, int], budget: Budget) -> Probe:
    wanted = listing.filters._replace(updated=None)
    return _in_order(listing, Order("has_account"), wanted, budget)


def _in_order(listing: Listing, order: Order, filters: Filters, budget: Budget) -> Probe:
    within = listing._replace(order=order, filters=filters, members_of=None)
    return _gathered(within, plan.parts(within, []), budget, plan.FEW_RECORDS + 1)


def _gathered(listing: Listing, parts: list[Part], budget: Budget, most: int) -> Probe:
    """All rows of some lists, if none has more than `most`."""
    if budget.calls < len(parts) or budget.rows_of_each(max(1, len(parts)), ROWS) < LEAST:
        return _INCOMPLETE
    first_page = listing._replace(after=None, offset=0, order=Order(listing.order.field))
    candidates: Candidates = {}
    try:
        for step in walks.steps(parts, Reading(first_page, budget, first=most, with_rows=True, most=most)):
            if step.id and (step.row is None or _copies_kept(listing.filters, step.row)):
                candidates[step.id] = step.row
    except OutOfBudgetError:
        return _INCOMPLETE
    return Probe(candidates, complete=True)


_INCOMPLETE: Final = Probe({}, complete=False)
_PROBES: Final[Mapping[Plan, Callable[[Listing, Mapping[str, int], Budget], Probe]]] = {
    Plan.WORDS: _words,
    Plan.MEMBERS: _members,
    Plan.RELATED: _related,
    Plan.UPDATED: _updated,
    Plan.CREATED: _created,
    Plan.ACCOUNTS: _accounts,
}
