"""The rows of jobs, from a file, a filter, or the members of groups."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from itertools import batched, count, groupby
from typing import Any, Final, NamedTuple

from shared.domain import ids, search
from shared.domain.errors import Conflict
from shared.domain.terms import Terms
from shared.dynamodb import reads
from shared.dynamodb.expressions import Item
from shared.jobs import cells, files, row_terms, uploads
from shared.jobs.plans import Position, line_of
from shared.jobs.row_more import More
from shared.jobs.rows import LONGEST_CELL, PROFILE_COLUMNS, Row, shortened
from shared.jobs.seen import Seen
from shared.jobs.uploads import FileRow, MalformedFile
from shared.runtime import clock
from shared.storage import lists, membership_reads
from shared.storage.lists import Listing

VALUE_COLUMNS: Final = ("value", "customer_id", "id", "email", "e_mail", "email_address", "e_mail_address", "key")
"""The columns that can identify a customer, in order of preference."""
READ_AT_ONCE: Final = 10_000
"""After so many customers the position is reported, also if none of them has a row."""
_PROFILE: Final = {name: name for name in PROFILE_COLUMNS}


class UploadChanged(Conflict):
    """409: the file has changed since the job was started."""

    def __init__(self) -> None:
        super().__init__("The file was changed or removed after the job was started")


def records(job: Item) -> Iterator[FileRow]:
    """The rows of the job's file. Raises MalformedFile, UploadChanged."""
    given = job["input"]
    try:
        yield from uploads.records(files.read(given["key"], etag=given.get("etag")), given["format"])
    except files.ChangedError:
        raise UploadChanged from None


class TermColumns(NamedTuple):
    """The columns of a file with the terms of memberships. Without a name, one called like the attribute is used."""

    starts_at: str | None
    ends_at: str | None

    @classmethod
    def of(cls, source: Mapping[str, Any]) -> "TermColumns":
        return cls(*(source.get(f"{name}_column") for name in cls._fields))  # none in jobs of an earlier release

    def cells(self, record: FileRow) -> dict[str, str]:
        """The terms of a row, without empty ones."""
        columns = {name: uploads.column_name(column or name) for name, column in self._asdict().items()}
        return _filled(record, columns)


def values(job: Item, column: str | None, after: int | None, terms: TermColumns | None = None) -> Iterator[Row]:
    """The rows of a file that names customers, after the line `after`. Raises MalformedFile, UploadChanged.

    Only a row that is equal to an earlier one is a repetition: the earlier one may be refused, and this one not.
    """
    rows, customers = Seen(), Seen()
    for record in _with_columns(job, column, terms):
        row = _row(record, column, terms)
        customer = _identity(row.value)
        whole = repr((customer, row.more))
        is_repeated, is_named_before = not rows.add(whole), not customers.add(customer)
        if after is not None and record.line <= after:
            continue
        if len(whole) > LONGEST_CELL:
            row = _short(row)
        if row.value and is_named_before:
            more: More = {"repeated": True} if is_repeated else row.more
            row = row._replace(more={**more, "named_before": True})
        yield row


def _with_columns(job: Item, column: str | None, terms: TermColumns | None) -> Iterator[FileRow]:
    """The rows of the file. Raises MalformedFile if it lacks a column that is needed.

    Each JSON object has columns of its own, so that it is enough if one of them has the column.
    """
    missing = [column, *filter(None, terms or ())]
    first: FileRow | None = None
    for record in records(job):
        first = first or record
        if missing:
            missing = [one for one in missing if not _present(record, one)]
        if missing and job["input"]["format"] != "jsonl":
            break
        yield record
    if missing and first:
        raise _no_column(missing[0], first)


def matches(listing: Listing, position: Position | None) -> Iterator[Row]:
    """The customers that match a filter, as numbered rows."""
    line = count(line_of(position) + 1)
    after = position["at"] if position else None
    while True:
        page = lists.page(listing._replace(after=after, with_metadata=False))
        for customer in page.items:
            yield Row(next(line), customer["id"], {"at": lists.after_record(listing, customer)})
        after = page.next_position
        if after is None:
            return


def members(group_id: str, position: Position | None) -> Iterator[Row]:
    """The members of a group, also those who join later, as numbered rows with their terms."""
    found = membership_reads.not_over(group_id, after=position["after"] if position else None)
    return (
        Row(line, one.customer_id, row_terms.as_planned(one.terms))
        for line, one in enumerate(found, line_of(position) + 1)
    )


def with_terms(some: Iterable[Row], group_id: str) -> Iterator[Row]:
    """The rows, with the terms of those who are in a group."""
    for part in batched(some, reads.MAX_KEYS, strict=False):
        found = membership_reads.stored((group_id, row.value) for row in part if ids.is_possible(row.value))
        terms = {one.customer_id: row_terms.as_planned(one.terms) for one in found.values()}
        yield from (row._replace(more={**row.more, **terms.get(row.value, {})}) for row in part)


def combined(operation: str, group_ids: Iterable[str], target: str | None, position: Position | None) -> Iterator[Row]:
    """The customers to add to the target and to remove from it, by ascending id. All groups are read in parallel."""
    after = position["after"] if position else None
    distinct = list(dict.fromkeys(group_ids))
    line = line_of(position)
    for read, (customer_id, inside) in enumerate(_merged([*distinct, *([target] if target else [])], after), 1):
        terms = _combination(operation, distinct, inside)
        if terms is not None or target in inside:
            line += 1
        if terms is not None:
            yield Row(line, customer_id, {"verb": "add", **row_terms.as_planned(terms)})
        elif target in inside:
            yield Row(line, customer_id, {"verb": "remove"})
        elif read % READ_AT_ONCE == 0:
            yield Row(line, customer_id, {"passed": True})


def _merged(group_ids: Iterable[str], after: str | None) -> Iterator[tuple[str, dict[str, Terms]]]:
    """Every customer in any of the groups, now or later, with the terms in each of them."""
    streams = [membership_reads.not_over(group_id, after=after) for group_id in dict.fromkeys(group_ids)]
    in_order = heapq.merge(*streams, key=lambda one: one.customer_id)
    for customer_id, found in groupby(in_order, key=lambda one: one.customer_id):
        yield customer_id, {one.group_id: one.terms for one in found}


def _combination(operation: str, group_ids: list[str], inside: Mapping[str, Terms]) -> Terms | None:
    """The terms of a customer in the combined group. None for no membership."""
    first, *others = group_ids
    each = [inside[group_id] for group_id in group_ids if group_id in inside]
    if operation == "union":
        return reduce(Terms.extended_by, each) if each else None
    if operation == "intersection":
        every: list[Terms | None] = [inside.get(group_id) for group_id in group_ids]
        both = reduce(_overlap, every)
        return both if both and not both.is_over(clock.now()) else None
    is_in_others = any(group_id in inside and inside[group_id].is_active(clock.now()) for group_id in others)
    return None if is_in_others else inside.get(first)


def _overlap(one: Terms | None, other: Terms | None) -> Terms | None:
    return one.overlap(other) if one and other else None


def _present(record: FileRow, column: str | None) -> list[str]:
    """The columns of a row that identify the customer: the given one, or those with a known name."""
    wanted = (uploads.column_name(column),) if column else VALUE_COLUMNS
    return [name for name in wanted if name in record.cells]


def _no_column(column: str | None, first: FileRow) -> MalformedFile:
    what = f"the file has no column {column!r}" if column else "the file has no column that is recognized"
    hint = "" if column else "; name one with `column`"
    columns = ", ".join(map(repr, first.cells))[:500]
    # In a file without a header, the columns are values of a customer.
    return MalformedFile(f"{what}{hint}: the columns of its first row are {columns}", log_message=what)


def _identity(value: str) -> str:
    """What values of the same customer have in common. Only addresses can differ in case."""
    return search.fold(value) if "@" in value else value


def _row(record: FileRow, column: str | None, terms: TermColumns | None) -> Row:
    """A row with all that is used of it, in full length."""
    named = ((name, cells.text(record.cells[name])) for name in _present(record, column))
    name, value = next(((name, value) for name, value in named if value), ("", ""))
    if name == "key" and not value.startswith("key:"):
        value = f"key:{value}"
    more: More = {}
    if profile := _filled(record, _PROFILE):
        more["profile"] = profile
    if has_account := cells.text(record.cells.get("has_account")):
        more["has_account"] = shortened(has_account)
    if terms and (given := terms.cells(record)):
        more["given_terms"] = given
    if value and cells.is_nested(record.cells[name]):
        more["unreadable"] = name
    if nested := [one for one in profile if cells.is_nested(record.cells[one])]:
        more["nested"] = nested
    return Row(record.line, value, more)


def _filled(record: FileRow, columns: Mapping[str, str]) -> dict[str, str]:
    """The cells of some columns, without empty ones."""
    present = ((name, cells.text(record.cells[column])) for name, column in columns.items() if column in record.cells)
    return {name: cell for name, cell in present if cell}


def _short(row: Row) -> Row:
    """The row without what is too long for anything but a refusal."""
    more = row.more
    if "profile" in more:
        more = {**more, "profile": _all_shortened(more["profile"])}
    if "given_terms" in more:
        more = {**more, "given_terms": _all_shortened(more["given_terms"])}
    return row._replace(value=shortened(row.value), more=more)


def _all_shortened(columns: Mapping[str, str]) -> Mapping[str, str]:
    return {name: shortened(cell) for name, cell in columns.items()}


type Matching = Callable[[Mapping[str, Any]], Listing]
"""Makes a listing from a filter. It is passed in, because `shared.http` parses filters and jobs cannot import it."""
