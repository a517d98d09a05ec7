"""Imports an exported file: groups, members, and missing customers. Existing records are not changed."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any, Final

from pydantic import ValidationError

from shared.domain import ids, search
from shared.domain.errors import (
    ApiError,
    CustomerEmailTaken,
    CustomerGroupIdTaken,
    CustomerGroupNotFound,
    CustomerIdTaken,
    CustomerNotFound,
    InvalidData,
)
from shared.domain.rules import parsing
from shared.domain.validation import as_refusal
from shared.domain.values import Metadata, Model, Name
from shared.dynamodb.expressions import Item
from shared.jobs import candidates, members, row_terms, rows, sources
from shared.jobs.candidates import Candidate, Candidates
from shared.jobs.chunks import Phase
from shared.jobs.exports import GROUP_RECORD, MEMBER_RECORD
from shared.jobs.import_rows import group_row, member_row
from shared.jobs.plans import Kind, Position, limited
from shared.jobs.rows import Result, Row
from shared.jobs.sources import Seen
from shared.jobs.uploads import MalformedFile
from shared.jobs.work import Work
from shared.storage import creation_marks, customers, groups, jobs, records, summaries
from shared.storage.items import SummaryItem
from shared.storage.kinds import GROUP
from shared.storage.membership_steps import Verb

_GROUP_VALUES: Final = ("metadata", "rule")


class ImportedGroup(Model):
    """The limits of an imported group."""

    name: Name
    metadata: Metadata | None
    rule: dict[str, Any] | None


def _find(job: Item, record: str) -> Iterator[Row]:
    """The file's rows of one kind. All rows are checked, so a malformed file is refused before anything is written."""
    for one in limited(job, sources.records(job)):
        if one.cells.get("record") not in (GROUP_RECORD, MEMBER_RECORD):
            raise MalformedFile.on(one.line, f"is neither a {GROUP_RECORD} nor a {MEMBER_RECORD}: it was not exported")
        row = group_row(one) if one.cells["record"] == GROUP_RECORD else member_row(one, job["input"]["format"])
        if one.cells["record"] == record:
            yield row


def group_rows(job: Item, _: Sequence[Phase], position: Position) -> Iterator[Row]:
    return (row for row in _find(job, GROUP_RECORD) if position is None or (row.line or 0) > position["line"])


def member_rows(job: Item, _: Sequence[Phase], position: Position) -> Iterator[Row]:
    """The member rows. A customer in several groups has several rows, but is created once."""
    seen = Seen()
    for row in _find(job, MEMBER_RECORD):
        is_new = seen.add(_identity(row))
        if position is None or (row.line or 0) > position["line"]:
            yield row if is_new else row._replace(more={**row.more, "again": True})


def _after(row: Row) -> Position:
    return {"line": row.line}


PLAN: Final = Kind((group_rows, member_rows), _after)


def carry_out(work: Work, some: Sequence[Row]) -> list[Result]:
    """Import the groups of a chunk, or its members, one group after the other."""
    if work.phase == 1:
        return [result for index, row in enumerate(some) for result in [_group(work, index, row)]]
    results: list[Result] = []
    for named, its in groupby(some, key=lambda row: (row.more["group_id"], row.more["group_name"])):
        batch = list(its)
        group_id = _group_named(*named)
        if group_id is None and not work.is_dry:
            gone = CustomerGroupNotFound(named[0] or named[1])
            results += [rows.refused(row, gone) for row in batch]
        else:
            # The rule of an automatic group decides about its members, but missing customers are created.
            verb: Verb | None = None if group_id and _is_automatic(group_id) else "add"
            results += members.change(
                work,
                batch,
                verb,
                group_id or members.NO_GROUP,
                begin=len(results),
                find=_customers,
                terms_of=row_terms.exported,
                meets="keep",
            )
    return results


def _group(work: Work, index: int, row: Row) -> Result:
    """Create a group, unless one with its id or name exists."""
    request_key = work.request_key(index)
    is_created = bool(creation_marks.created_by_request(request_key))
    if _group_named(row.more["group_id"], row.value) is not None:
        return rows.of(row, "created" if is_created else "unchanged")
    try:
        _create_group(work, row, request_key)
    except ApiError as refusal:
        return rows.refused(row, refusal)
    return rows.of(row, "created")


def _create_group(work: Work, row: Row, request_key: str) -> None:
    """Create the group with its original id, or with a new id if a deleted group still has it. Raises InvalidData."""
    try:
        group = ImportedGroup.model_validate({"name": row.value, **{name: row.more[name] for name in _GROUP_VALUES}})
    except ValidationError as error:
        raise as_refusal(error.errors()) from None
    rule = parsing.parse(group.rule) if group.rule else None
    if work.is_dry:
        return
    work.begin()
    group_id = row.more["group_id"] if ids.is_possible(row.more["group_id"]) else None
    create = partial(
        groups.create,
        group.name,
        group.metadata,
        work.actor,
        rule=rule,
        request_key=request_key,
        reason=jobs.reason(work.id),
    )
    try:
        create(chosen_id=group_id)
    except CustomerGroupIdTaken:
        create()


def _is_automatic(group_id: str) -> bool:
    group = groups.find(group_id)
    return bool(group and group.get("rule_version"))


def _group_named(group_id: str, name: str) -> str | None:
    """The id of the existing group with this id, or else with this name."""
    if group_id and records.get_many(GROUP, [group_id], consistent=True):
        return group_id
    return next(iter(records.holders(GROUP, [name])), None)


def _customers(work: Work, _: int, batch: Sequence[Row]) -> Candidates:
    """The customers of exported members: found by id, then by e-mail address, otherwise created."""
    created = {} if work.is_dry else creation_marks.created_by_requests(_request_key(work, row) for row in batch)
    own = [row.more["id"] for row in batch if ids.is_possible(row.more["id"])]
    held = customers.by_email(search.fold(row.value) for row in batch if "@" in row.value)
    wanted = [*own, *created.values(), *(one for both in held.values() for one in both.values())]
    live = summaries.get_many(wanted)
    return Candidates([_candidate(work, row, created, live, held) for row in batch], live)


def _request_key(work: Work, row: Row) -> str:
    """The request key for creating a customer: a job creates each customer once, even if several rows name it."""
    return f"{work.id}#{rows.digest(_identity(row))}"


def _identity(row: Row) -> str:
    """What the file calls the customer of a row: by the original id, or else by the e-mail address."""
    return str(row.more["id"]) or search.fold(row.value)


def _candidate(
    work: Work,
    row: Row,
    created: dict[str, str],
    live: dict[str, SummaryItem],
    held: Mapping[str, Mapping[bool, str]],
) -> Candidate:
    if not _identity(row):
        return Candidate(row, refusal=InvalidData.at("customer_id", "is needed where there is no e-mail address"))
    try:
        row_terms.exported(row)
    except InvalidData as refusal:
        return Candidate(row, refusal=refusal)
    request_key = _request_key(work, row)
    if created.get(request_key) in live:
        return Candidate(row, created[request_key], is_created="again" not in row.more)
    present = row.more["id"] if row.more["id"] in live else None
    present = present or held.get(search.fold(row.value), {}).get(row.more["has_account"])
    return Candidate(row, present) if present in live else _created(work, row, created, live)


def _created(work: Work, row: Row, created: dict[str, str], live: dict[str, SummaryItem]) -> Candidate:
    request_key = _request_key(work, row)
    try:
        customer_id, summary = _create_customer(work, row, request_key)
    except CustomerEmailTaken as refusal:
        return _created_meanwhile(row, live) or Candidate(row, refusal=refusal)
    except ApiError as refusal:
        return Candidate(row, refusal=refusal)
    live[customer_id] = summary
    created[request_key] = customer_id
    return Candidate(row, customer_id, is_created="again" not in row.more)


def _created_meanwhile(row: Row, live: dict[str, SummaryItem]) -> Candidate | None:
    """The customer that has the e-mail address, created by an earlier row of the batch or by another request."""
    held = customers.by_email([search.fold(row.value)], consistent=True).get(search.fold(row.value), {})
    customer_id = held.get(row.more["has_account"])
    live |= summaries.get_many([customer_id] if customer_id else [], consistent=True)
    return Candidate(row, customer_id) if customer_id in live else None


def _create_customer(work: Work, row: Row, request_key: str) -> tuple[str, SummaryItem]:
    """Create the customer with its original id.

    Raises CustomerNotFound if that customer was deleted, and CustomerEmailTaken.
    """
    profile = candidates.profile_of(row)
    customer_id = row.more["id"] if ids.is_possible(row.more["id"]) else None
    if work.is_dry:
        dry_run_id = members.dry_run_id(customer_id or search.fold(row.value))
        return dry_run_id, summaries.of_new({"id": dry_run_id})
    try:
        work.begin()
        reason = jobs.reason(work.id)
        customer = customers.create(profile, work.actor, chosen_id=customer_id, request_key=request_key, reason=reason)
    except CustomerIdTaken:
        found = summaries.get_many([str(customer_id)])
        if not found:
            raise CustomerNotFound(str(customer_id)) from None
        return str(customer_id), found[str(customer_id)]
    return customer["id"], summaries.of_new(customer)
