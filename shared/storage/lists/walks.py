"""Reads an index in order, from the start of the page until the page is full or the budget ends."""

import heapq
from collections.abc import Iterator
from functools import partial, reduce
from typing import Final, NamedTuple

from shared.domain.filters import Filters, Row, Span
from shared.domain.terms import Terms
from shared.dynamodb import reads
from shared.dynamodb.expressions import Condition, Item
from shared.runtime import clock
from shared.storage import keys, membership_reads
from shared.storage.lists import plan
from shared.storage.lists.budget import DATED_KEYS, KEYS, ROWS, Budget, Entry, OutOfBudgetError
from shared.storage.lists.listing import CursorState, Listing, id_of, row_of_account, row_of_member
from shared.storage.lists.plan import Part

GROWTH: Final = 4
_MAX_WORDS: Final = 20
"""DynamoDB limits an expression to 4 kB. Further words are matched after the read."""


class Step(NamedTuple):
    """A row of the index. Without an id, only a position: the rows before it do not match."""

    position: str
    id: str = ""
    row: Row | None = None
    """The row of the record, if the index entry has all its attributes."""


class Reading(NamedTuple):
    """How the rows of a listing are read."""

    listing: Listing
    budget: Budget
    first: int
    """How many entries the first call reads."""
    growth: int = 1
    """How many times as many each further call reads."""
    with_rows: bool = False
    """Whether steps have rows if the index has their attributes."""
    most: int | None = None
    """Nothing is read on if a list has more entries than this, or if they are too large to read so many."""


def steps(parts: list[Part], reading: Reading) -> Iterator[Step]:
    """The rows of several parts, in order, each once. Raises OutOfBudgetError if the budget ends before the rows do."""
    state, descending = CursorState.of(reading.listing), reading.listing.order.descending
    left = [part for part in parts if _is_after(part, state.position, descending=descending)]
    if any(part.prefix for part in parts):
        return _in_turn(left, state.position, reading)
    streams = [_steps(part, state.position, reading, len(left) - place) for place, part in enumerate(left)]
    return _each_once(heapq.merge(*streams, key=partial(_place, descending=descending), reverse=descending))


def _in_turn(parts: list[Part], after: str, reading: Reading) -> Iterator[Step]:
    opening = 1
    last = None
    for part in parts:
        if last:
            yield Step(last.position)  # rows are read next
        for last in _steps(part, after, reading, opening):
            opening = 0
            yield last


def _place(step: Step, *, descending: bool) -> tuple[str, bool]:
    """The place of a step. A position without a row comes after the rows of other parts that have this position."""
    return step.position, bool(step.id) is descending


def needs_records(listing: Listing, parts: list[Part]) -> bool:
    """Whether the filters need attributes that neither the keys nor the entries of the index have."""
    known = {"related"} | plan.supported(listing)
    if all(_has_attributes(part) for part in parts):
        known |= {"words", "created", "created_by", "has_account"}
    return not listing.filters.given <= known


def key_of(listing: Listing, part: Part) -> Condition | None:
    """The key condition for a part, as narrow as the index allows. None if nothing can match."""
    span = _span(listing, part)
    return None if span and span.is_empty else _key(part, span, "", descending=False)


def entry_of(part: Part) -> Entry:
    """The size of the entries of a part."""
    if _has_attributes(part):
        return ROWS
    return DATED_KEYS if part.indexed_by in (keys.BY_CREATED, keys.BY_UPDATED) else KEYS


def _steps(part: Part, after: str, reading: Reading, opening: int) -> Iterator[Step]:
    """The rows of one part. `opening` is how many parts, this one included, have to be read before any can be used."""
    listing, budget, wanted = reading.listing, reading.budget, reading.first
    descending = listing.order.descending
    after = after.removeprefix(part.prefix) if after.startswith(part.prefix) else ""
    span = _span(listing, part)
    if span and span.is_empty:
        return
    now, read = clock.now(), 0
    entry = entry_of(part)
    while True:
        key = _key(part, span, after, descending=descending)
        if key is None:
            return
        rows = budget.rows(wanted, entry, opening=opening, needs_all=reading.most is not None)
        if read and reading.most and read + rows < reading.most:
            raise OutOfBudgetError
        found = reads.one_slice(
            key,
            rows,
            index=part.indexed_by,
            matching=_matching(listing.filters, part),
            descending=descending,
            attributes=_attributes(listing, part, with_rows=reading.with_rows),
        )
        budget.learn(entry, found)
        new = (item for item in found.items if item[part.indexed_by.sort] != after)
        steps = (_step(part, item) for item in new if not part.has_members or _is_listed(listing, item, now))
        yield from (step for step in steps if step.row is None or _keeps(listing.filters, step.row))
        if found.last_key is None:
            return
        after = found.last_key[part.indexed_by.sort]
        yield Step(part.prefix + after)
        opening, read = 0, read + found.read
        if reading.most and read >= reading.most:
            raise OutOfBudgetError
        if rows >= wanted:
            wanted *= reading.growth


def _each_once(merged: Iterator[Step]) -> Iterator[Step]:
    last = ""
    for step in merged:
        if step.id and step.position != last:
            last = step.position
            yield step
        elif not step.id:
            yield step


def _is_after(part: Part, after: str, *, descending: bool) -> bool:
    """Whether a part has rows after the position where the page starts."""
    if not part.prefix or not after or after.startswith(part.prefix):
        return True
    return part.prefix < after if descending else part.prefix > after


def _step(part: Part, item: Item) -> Step:
    position = item[part.indexed_by.sort]
    row = None
    if "customer" in item:
        row = row_of_member(item)
    elif "search_text" in item and part.has_account is not None:
        row = row_of_account(item, has_account=part.has_account)
    return Step(part.prefix + position, id_of(position), row)


def _is_listed(listing: Listing, item: Item, now: str) -> bool:
    """Whether the terms of a membership put it into the list."""
    return membership_reads.terms_of(item).is_listed(listing.membership, now)


def _has_attributes(part: Part) -> bool:
    return part.indexed_by == keys.BY_ACCOUNT or part.has_members


def _attributes(listing: Listing, part: Part, *, with_rows: bool) -> tuple[str, ...]:
    needs_rows = with_rows or listing.filters.given - {"related", "created"}
    if part.has_members:
        return (part.indexed_by.sort, *Terms._fields, *(("customer",) if needs_rows else ()))
    if needs_rows and part.indexed_by == keys.BY_ACCOUNT:
        return (part.indexed_by.sort, "search_text", "created_by")
    return (part.indexed_by.sort,)


def _span(listing: Listing, part: Part) -> Span | None:
    """The span that can be part of the key condition."""
    if part.indexed_by.sort == keys.BY_CREATED.sort:
        return listing.filters.created
    return listing.filters.updated if part.indexed_by == keys.BY_UPDATED else None


def _key(part: Part, span: Span | None, after: str, *, descending: bool) -> Condition | None:
    """The key condition for the range that is still to be read. None if it is empty."""
    low = (span.start if span else None) or ""
    high = (span.end if span else None) or ""
    if after and descending:
        high = min(after, high) if high else after
    elif after:
        low = max(after, low)
    if low and high and low > high:
        return None
    mine = Condition(f"#{part.indexed_by.hash} = :list", {":list": part.list})
    sort = f"#{part.indexed_by.sort}"
    if low and high:
        return mine & Condition(f"{sort} BETWEEN :low AND :high", {":low": low, ":high": high})
    if low or high:
        return mine & Condition(f"{sort} {'>=' if low else '<='} :bound", {":bound": low or high})
    return mine


def _matching(filters: Filters, part: Part) -> Condition | None:
    """The filter expression: the same as `Filters.match`, for the attributes that the entries have."""
    if not _has_attributes(part):
        return None
    of = "" if part.indexed_by == keys.BY_ACCOUNT else "#customer."
    conditions: list[Condition] = []
    if filters.created_by is not None:
        values = {f":creator_{place}": creator for place, creator in enumerate(filters.created_by)}
        conditions.append(Condition(f"{of}#created_by IN ({', '.join(values)})", values))
    if filters.has_account is not None and of:
        conditions.append(Condition(f"{of}#has_account = :has_account", {":has_account": filters.has_account}))
    for place, word in enumerate(filters.words[:_MAX_WORDS]):
        values = {f":word_{place}_{form}": text for form, text in enumerate(word.forms)}
        either = " OR ".join(f"contains({of}#search_text, {name})" for name in values)
        conditions.append(Condition(f"({either})", values))
    return reduce(Condition.__and__, conditions) if conditions else None


def _keeps(filters: Filters, row: Row) -> bool:
    return filters._replace(updated=None).match(row)
