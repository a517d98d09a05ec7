"""Imports an exported file: groups, members, and missing customers. Existing records are not changed."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Final

from shared.domain.errors import ApiError
from shared.dynamodb.expressions import Item
from shared.jobs import (
    import_customers,
    import_exceptions,
    import_groups,
    import_order,
    import_trials,
    members,
    row_terms,
    sources,
)
from shared.jobs.chunks import Phase
from shared.jobs.exports import CUSTOMER_RECORD, GROUP_RECORD, MEMBER_RECORD
from shared.jobs.import_rows import NamedGroup, customer_row, group_of, group_row, is_member, member_row
from shared.jobs.plans import Kind, Position, limited, line_of
from shared.jobs.rows import Result, Row
from shared.jobs.uploads import MalformedFile
from shared.jobs.work import Work
from shared.storage import jobs
from shared.storage.membership_steps import Verb
from shared.storage.rules import exceptions

_CUSTOMER_ROWS: Final = {MEMBER_RECORD: member_row, CUSTOMER_RECORD: customer_row}


def plan(job: Item) -> Kind:
    """The groups, in as many phases as their rules need, and then the members.

    The file is read once before. So a malformed one is refused before anything is written.
    """
    if "levels" not in job:
        excepted = import_exceptions.Named()
        found = {"levels": max(import_order.levels(excepted.watched(_groups(job))).values(), default=0)}
        found["has_exceptions"] = bool(excepted.ids)
        job |= found
        jobs.update_progress(job["id"], **found)
    by_level = (partial(_group_rows, level=level) for level in range(job["levels"] + 1))
    return Kind((*by_level, _member_rows), _after)


def carry_out(work: Work, some: Sequence[Row]) -> list[Result]:
    """Import the groups of a chunk, or its members, one group after the other."""
    if work.is_dry:
        return import_trials.carry_out(work, some)
    if not any(map(is_member, some)):
        return [import_groups.create(work, index, row) for index, row in enumerate(some)]
    results: list[Result] = []
    for group, its in groupby(some, key=group_of):
        results += _add(work, group, list(its), len(results))
    return results


def complete(job: Item) -> None:
    """All customers of the file are there now. Exceptions of others, such as deleted ones, are removed."""
    if not job["dry_run"]:
        exceptions.remove_missing(job["id"])


def _add(work: Work, group: NamedGroup, batch: Sequence[Row], begin: int) -> list[Result]:
    """Add customers to a group. `begin` is the index of the first row in its chunk."""
    if group.is_none:
        return _change(work, batch, None, members.NO_GROUP, begin)
    group_id = import_groups.named(group.id, group.name)
    if group_id is None:
        gone = import_groups.not_found(*import_groups.given(group.id, group.name))
        return _change(work, batch, None, members.NO_GROUP, begin, gone)
    # The rule of an automatic group decides about its members, but missing customers are created.
    return _change(work, batch, None if import_groups.is_automatic(group_id) else "add", group_id, begin)


def _change(
    work: Work, batch: Sequence[Row], verb: Verb | None, group_id: str, begin: int, gone: ApiError | None = None
) -> list[Result]:
    return members.change(
        work,
        batch,
        verb,
        group_id,
        begin=begin,
        find=import_customers.find,
        created=import_customers.created,
        terms_of=row_terms.exported,
        meets="keep",
        is_one_of_many=True,
        gone=gone,
    )


def _rows(job: Item) -> Iterator[Row]:
    """The file's rows. Raises MalformedFile, TooManyRows."""
    for one in limited(job, sources.records(job)):
        record = one.cells.get("record")
        if record == GROUP_RECORD:
            yield group_row(one)
        elif record in _CUSTOMER_ROWS:
            yield _CUSTOMER_ROWS[record](one, job["input"]["format"])
        else:
            known = f"neither a {GROUP_RECORD} nor a {MEMBER_RECORD} nor a {CUSTOMER_RECORD}"
            raise MalformedFile.on(one.line, f"is {known}: it was not exported")


def _groups(job: Item) -> Iterator[Row]:
    return (row for row in _rows(job) if not is_member(row))


def _group_rows(job: Item, _: Sequence[Phase], position: Position | None, level: int) -> Iterator[Row]:
    """The groups of one level. The file is read once more if there are levels, and twice if there are exceptions."""
    excepted = import_exceptions.Named()
    levels: Mapping[int | None, int] = {}
    if job["levels"] or job.get("has_exceptions", True):  # a job of an earlier release does not know it
        levels = import_order.levels(excepted.watched(_groups(job)))
    if excepted.ids:
        for row in filter(is_member, _rows(job)):
            excepted.learn(row)
    return (
        excepted.joined(row) for row in _groups(job) if levels.get(row.line, 0) == level and _is_left(row, position)
    )


def _member_rows(job: Item, _: Sequence[Phase], position: Position | None) -> Iterator[Row]:
    return (row for row in _rows(job) if is_member(row) and _is_left(row, position))


def _is_left(row: Row, position: Position | None) -> bool:
    return (row.line or 0) > line_of(position)


def _after(row: Row) -> Position:
    return {"line": row.line}
