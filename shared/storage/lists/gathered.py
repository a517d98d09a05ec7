"""Pages of candidates that are filtered and sorted in memory.

If one request cannot read all the records that this needs, because they are large, the next requests read on. Such a
round ends with a request that returns the first matches; before it, pages are empty. Candidates are read in the order
of their digests, so that a round goes on where it was even if the candidates are others by then.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from shared.domain.filters import Row
from shared.dynamodb.expressions import Item
from shared.storage.lists import page_records
from shared.storage.lists.budget import LARGEST_RECORD, LARGEST_WHOLE, UNITS_PER_ITEM, Budget
from shared.storage.lists.counts import Count
from shared.storage.lists.listing import CursorState, Listing, Page, Round, position, row_of

type Matches = list[tuple[str, str]]
"""The positions and ids of matches, in order."""

_DIGEST_BYTES: Final = 4
_ALL_READ: Final = "~"
"""It sorts after all digests."""
_MAX_KEPT: Final = 40
"""More would not fit into a cursor."""
_MAX_RELATED: Final = 4
"""Of how many memberships a candidate may need one."""


class _Ahead(NamedTuple):
    """The first matches after the position."""

    matches: Matches
    is_cut: bool = False
    """Whether there are further ones."""

    def limited(self, most: int) -> "_Ahead":
        return _Ahead(self.matches[:most], self.is_cut or len(self.matches) > most)

    def in_round(self, unread: str) -> Round:
        """The round that goes on with the record of this digest."""
        return Round(unread, tuple(_digest(one) for _, one in self.matches), self.is_cut)


def from_rows(listing: Listing, rows: Mapping[str, Row], budget: Budget) -> Page:
    """A page of rows, which have what is needed. Only the records of the page are read."""
    state = CursorState.of(listing)
    matches = _in_order(listing, rows.values())
    ahead = _after(listing, state, matches)
    items, number = page_records.read(listing, _shown(listing, state, ahead), {}, budget)
    passed = min(state.skip, len(ahead)) + number
    return _page(listing, items, Count(len(matches)), _following(state, _Ahead(ahead), passed, Count(len(matches))))


def from_records(
    listing: Listing, candidates: Iterable[str], related: Callable[[list[str]], list[str]], budget: Budget
) -> Page:
    """A page of candidates whose records have what is needed. `related` returns those with a required membership."""
    state = CursorState.of(listing)
    begun = state.round
    every = sorted(candidates, key=_digest)
    kept = [one for one in every if _digest(one) in begun.kept]
    asked = related([*kept, *(one for one in every if _digest(one) >= begun.unread and one not in kept)])
    most_kept = len(begun.kept) if begun.is_cut else _most_kept(budget)
    stored, number = page_records.read_stored(listing.kind, asked, budget, least=len(kept) + 1)
    unread = asked[number:]
    is_round = bool(begun.unread or unread)
    matches = _in_order(listing, (row_of(item) for item in stored.values() if _has_name(listing, item)))
    count = _count(state, sum(one not in kept for _, one in matches), is_round=is_round, is_whole=not unread)
    ahead = _Ahead(_after(listing, state, matches), begun.is_cut)
    within = ahead.limited(most_kept)
    if unread:
        return _goes_on(listing, state, count, within.in_round(_digest(unread[0])))
    if is_round:
        ahead = within
    shown = _shown(listing, state, ahead.matches)
    items, number = page_records.read(listing, shown, stored, budget, least=begun.unread == _ALL_READ)
    if shown and not number:  # candidates have used up what their large metadata takes
        return _goes_on(listing, state, count, within.in_round(_ALL_READ))
    passed = min(state.skip, len(ahead.matches)) + number
    return _page(listing, items, count, _following(state, ahead, passed, count, is_round=is_round))


def _in_order(listing: Listing, rows: Iterable[Row]) -> Matches:
    matching = ((position(listing, row), row.id) for row in rows if listing.filters.match(row))
    return sorted(matching, reverse=listing.order.descending)


def _after(listing: Listing, state: CursorState, matches: Matches) -> Matches:
    if not state.position:
        return matches
    descending = listing.order.descending
    return [one for one in matches if one[0] != state.position and (one[0] < state.position) is descending]


def _shown(listing: Listing, state: CursorState, ahead: Matches) -> list[str]:
    return [one for _, one in ahead[state.skip :][: listing.limit]]


def _has_name(listing: Listing, item: Item) -> bool:
    names = listing.filters.names
    return names is None or item[listing.kind.texts[0]] in names


def _count(state: CursorState, new: int, *, is_round: bool, is_whole: bool) -> Count:
    """The number of matches. In a round it increases with each request, and is exact at its end."""
    if is_round and state.count_is_exact:
        return Count(state.known_count)
    return Count(new + (state.known_count if state.round.unread else 0), is_exact=is_whole)


def _most_kept(budget: Budget) -> int:
    """How many matches a round can keep, all of which the next request reads again: at least one can be read beside."""
    each = LARGEST_RECORD + _MAX_RELATED * UNITS_PER_ITEM
    return max(1, min(_MAX_KEPT, int((budget.units_of_page - LARGEST_WHOLE) / each)))


def _following(
    state: CursorState, ahead: _Ahead, passed: int, count: Count, *, is_round: bool = False
) -> CursorState | None:
    """The state after the matches that were skipped or shown. None if there are no more."""
    rest = ahead.matches[passed:]
    if not rest and not ahead.is_cut:
        return None
    left = _Ahead(rest, ahead.is_cut).in_round(_ALL_READ) if rest and is_round else Round()
    at = ahead.matches[passed - 1][0] if passed else state.position
    return CursorState(at, state.matches + passed, max(0, state.skip - passed), *count, left)


def _goes_on(listing: Listing, state: CursorState, count: Count, now: Round) -> Page:
    following = state._replace(known_count=count.matches, count_is_exact=count.is_exact, round=now)
    return _page(listing, [], count, following)


def _page(listing: Listing, items: list[Item], count: Count, following: CursorState | None) -> Page:
    return Page(items, *count, str(following) if following and listing.limit else None)


def _digest(record_id: str) -> str:
    return hashlib.blake2b(record_id.encode(), digest_size=_DIGEST_BYTES).hexdigest()
