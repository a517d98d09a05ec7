"""Bounded probes of leads. A probe returns all candidates of its lead if there are few."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
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
from shared.storage.lists.budget import Budget, OutOfBudgetError
from shared.storage.lists.listing import CREATION, Listing, Order, row_of
from shared.storage.lists.plan import Found, Part, Plan

LEADS: Final = 3
"""How many token prefixes are read, for the longest words."""
ROWS: Final = 200
"""How many tokens of each prefix are read to find the rarest word, of which more are then read."""
MAX_WHOLE: Final = 1_000
"""How many texts with too many words for tokens a search reads, if ROWS are not all."""

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


def run(listing: Listing, group_sizes: Mapping[str, int], budget: Budget) -> ProbeResults:
    """Probe one lead after the other until one is complete."""
    probes: dict[Plan, Probe] = {}
    at_least = 0
    for lead in plan.leads(listing):
        is_of_one_group = lead is Plan.MEMBERS and len(group_sizes) == 1  # leaves enough calls in any case
        if not is_of_one_group and budget.calls - _calls(lead, listing, group_sizes) < _calls_of_a_walk(listing):
            continue
        probe = _PROBES[lead](listing, group_sizes, budget)
        if lead is Plan.WORDS and not ({"related", "updated"} & listing.filters.given or listing.lists_members):
            at_least = len(probe.candidates)
        if probe.complete:
            probes[lead] = probe
            found = Found(**{lead.name.lower(): len(probe.candidates)})
            if plan.plan(listing, found) is lead:
                return ProbeResults(found, probes, at_least)
    return ProbeResults(Found(), {}, at_least)


def _calls(lead: Plan, listing: Listing, group_sizes: Mapping[str, int]) -> int:
    """How many calls a probe needs."""
    if lead is Plan.MEMBERS:
        return len(plan.member_parts(listing, group_sizes))
    if lead is Plan.WORDS:
        return 1 + sum(len(word.leads) for word in _looked_at(listing))
    return len(listing.filters.related or ()) if lead is Plan.RELATED else 1


def _calls_of_a_walk(listing: Listing) -> int:
    """How many calls a walk needs: for the rows of each part, for records, and for memberships if required."""
    is_related = listing.lists_members or listing.filters.related is not None
    return len(plan.parts(listing, list(listing.filters.related or ("",)))) + (2 if is_related else 1)


def _looked_at(listing: Listing) -> list[Word]:
    """The longest words whose token prefixes together do not exceed the limit."""
    most = LEADS - 1 if listing.lists_members else LEADS
    leading = [word for word in listing.filters.words if word.leads]
    return [word for place, word in enumerate(leading) if sum(len(one.leads) for one in leading[: place + 1]) <= most]


def _words(listing: Listing, _: Mapping[str, int], budget: Budget) -> Probe:
    """The records of the rarest word: most texts with a rare word also have the other words."""
    words = _looked_at(listing)
    (whole,), *each = run_all([partial(_tokens, listing.kind, one, ROWS) for one in (_WHOLE_WORD, *words)])
    if whole.last_key and budget.calls > _calls_of_a_walk(listing):
        whole = _more_whole(listing.kind, whole, budget)
    if whole.last_key:
        return Probe({}, complete=False)
    complete = [slices for slices in each if not any(slice_.last_key for slice_ in slices)]
    if complete:
        rarest, is_complete = min(complete, key=_size), True
    else:
        word = words[max(range(len(words)), key=lambda place: _share(listing.filters, each[place]))]
        if budget.calls - len(word.leads) < _calls_of_a_walk(listing) or listing.lists_members:
            return Probe(_rows(listing, [whole], min(each, key=_size)), complete=False)
        rarest = _tokens(listing.kind, word, budget.rows(plan.FEW_ROWS, walks.ROW_BYTES))
        is_complete = not any(slice_.last_key for slice_ in rarest)
    return Probe(_rows(listing, [whole], rarest), is_complete)


def _rows(listing: Listing, *found: list[Slice]) -> Candidates:
    """The rows of tokens that pass the filters, each once."""
    rows = (row_of(item) for slices in found for one in slices for item in one.items)
    return {row.id: row for row in rows if _copies_kept(listing.filters, row)}


_WHOLE_WORD: Final = Word((), (WHOLE,))


def _tokens(kind: Kind, word: Word, most: int) -> list[Slice]:
    """The tokens that begin with a prefix of the word."""
    return [reads.one_slice(_beginning(kind, lead), most) for lead in word.leads]


def _more_whole(kind: Kind, first: Slice, budget: Budget) -> Slice:
    """The texts without tokens of their own, after the first ones, as far as a walk can still follow."""
    most = min(MAX_WHOLE, budget.rows_of_each(1, max(walks.ROW_BYTES, first.bytes_each)))
    if not most:
        return first
    more = reads.one_slice(_beginning(kind, WHOLE), most, after=first.last_key)
    return more._replace(items=first.items + more.items)


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
        return Probe({}, complete=False)
    theirs = plan.member_parts(listing, group_sizes)
    most = plan.FEW_ROWS
    if len(group_sizes) == 1:  # whose due terms have been read
        most = min(most, budget.rows_of_each(len(theirs), walks.ROW_BYTES))
        if not most:
            return Probe({}, complete=False)
    wanted = listing.filters._replace(updated=None)
    return _gathered(listing._replace(order=CREATION, filters=wanted), theirs, budget, most)


def _related(listing: Listing, _: Mapping[str, int], __: Budget) -> Probe:
    """The groups of customers."""
    customer_ids = listing.filters.related or ()
    each = run_all([partial(membership_reads.first_group_ids, one, plan.FEW_RECORDS + 1) for one in customer_ids])
    group_ids = dict.fromkeys(group_id for some, _ in each for group_id in some)
    return Probe(dict.fromkeys(group_ids), all(is_whole for _, is_whole in each))


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
    """All rows of some lists, if one call to each returns all of them."""
    first_page = listing._replace(after=None, offset=0, order=Order(listing.order.field))
    candidates: Candidates = {}
    try:
        for step in walks.steps(first_page, parts, budget, first=most, with_rows=True):
            if not step.id:
                return Probe({}, complete=False)
            if step.row is None or _copies_kept(listing.filters, step.row):
                candidates[step.id] = step.row
    except OutOfBudgetError:  # rows that are larger than usual
        return Probe({}, complete=False)
    return Probe(candidates, complete=True)


_PROBES: Final[Mapping[Plan, Callable[[Listing, Mapping[str, int], Budget], Probe]]] = {
    Plan.WORDS: _words,
    Plan.MEMBERS: _members,
    Plan.RELATED: _related,
    Plan.UPDATED: _updated,
    Plan.CREATED: _created,
    Plan.ACCOUNTS: _accounts,
}
