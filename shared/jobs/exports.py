"""Exports groups, their metadata and their members to a file that can be imported again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched, chain
from typing import Any, Final

from shared.domain import attributes, exact_json
from shared.domain.terms import NO_TERMS
from shared.dynamodb.expressions import Item
from shared.jobs import row_terms, spreadsheets
from shared.jobs.chunks import Phase
from shared.jobs.plans import Kind, Position
from shared.jobs.rows import TERM_COLUMNS, Row
from shared.jobs.work import Work
from shared.storage import groups, membership_reads, records
from shared.storage.items import CustomerItem, GroupItem
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.rules import exceptions
from shared.storage.rules.exceptions import Exceptions

GROUP_RECORD: Final = "customer_group"
MEMBER_RECORD: Final = "member"
CUSTOMER_RECORD: Final = "customer"
"""An exception of a group who is in none of the groups. A member's row would add the customer to a group."""
READ_AT_ONCE: Final = 100
"""A function has enough memory for so many records with large metadata."""
COLUMNS: Final = (
    "record",
    "group_id",
    "group_name",
    "group_key",
    "group_metadata",
    "group_rule",
    "group_exceptions",
    "customer_id",
    "key",
    *attributes.CUSTOMER.searched,
    "has_account",
    "customer_metadata",
    *TERM_COLUMNS,
)


def plan(group_ids: Sequence[str] | None) -> Kind:
    """A row for each group and for each of its members, also those who join later, in the order of ids.

    At the end there is one for each customer who is an exception of a group and in none of the groups.
    Raises CustomerGroupNotFound if a listed group was deleted. One that is deleted later has no lines in the file.
    """

    def find(_: Item, __: Sequence[Phase], position: Position | None) -> Iterator[Row]:
        if group_ids is not None and position is None:
            records.get_all(GROUP, group_ids, attributes=("id",))
        wanted = sorted(set(groups.every_id() if group_ids is None else group_ids))
        if position and "excepted" in position:
            return _excepted(wanted, position["excepted"])
        return chain(_rows(wanted, position), _excepted(wanted))

    return Kind((find,), _after, is_limited=False)


def header(file_format: str) -> str:
    return spreadsheets.MARK + spreadsheets.line(COLUMNS) if file_format == "csv" else ""


def carry_out(work: Work, some: Sequence[Row]) -> tuple[Iterator[str], Mapping[str, int]]:
    """The lines of a chunk's groups and members, without those that were deleted meanwhile.

    They are read as they are consumed: a chunk of customers with large metadata is larger than a function's memory.
    """
    write = _as_csv if work.job["format"] == "csv" else _as_json
    lines = (write(line) for part in batched(some, READ_AT_ONCE, strict=False) for line in _lines(part))
    return lines, {"done": len(some)}


def _lines(some: Sequence[Row]) -> Iterator[dict[str, Any]]:
    named = [row.value for row in some if _is_group(row)]
    group_of = records.get_many(GROUP, [*named, *(row.more["group"] for row in some if "group" in row.more)])
    customer_of = records.get_many(CUSTOMER, [row.value for row in some if not _is_group(row)])
    exceptions_of = exceptions.of_groups(named)
    return filter(None, (_line(row, group_of, customer_of, exceptions_of) for row in some))


def _is_group(row: Row) -> bool:
    return "group" not in row.more and "excepted" not in row.more


def _rows(group_ids: Iterable[str], position: Position | None) -> Iterator[Row]:
    first, after = (position["group"], position["after"]) if position else ("", None)
    for group_id in group_ids:
        if group_id < first:
            continue
        if group_id != first:
            yield Row(None, group_id)
        last = after if group_id == first else None
        for one in membership_reads.not_over(group_id, after=last):
            yield Row(None, one.customer_id, {"group": group_id, **row_terms.as_planned(one.terms)})


def _excepted(group_ids: Sequence[str], after: str = "") -> Iterator[Row]:
    """The customers who are exceptions of these groups and members of none, by ascending id."""
    each = (exceptions.of_groups(some) for some in batched(group_ids, READ_AT_ONCE, strict=False))
    named = {customer_id for of in each for both in of.values() for some in both for customer_id in some}
    exported = frozenset(group_ids)
    for read, customer_id in enumerate(sorted(one for one in named if one > after), 1):
        if exported.isdisjoint(membership_reads.group_ids_not_over(customer_id)):
            yield Row(None, customer_id, {"excepted": True})
        elif read % READ_AT_ONCE == 0:
            yield Row(None, customer_id, {"excepted": True, "passed": True})


def _after(row: Row) -> Position:
    if "excepted" in row.more:
        return {"excepted": row.value}
    if "group" in row.more:
        return {"group": row.more["group"], "after": row.value}
    return {"group": row.value, "after": None}


def _line(
    row: Row,
    group_of: Mapping[str, GroupItem],
    customer_of: Mapping[str, CustomerItem],
    exceptions_of: Mapping[str, Exceptions],
) -> dict[str, Any] | None:
    """The cells of a row. None if its group or customer was deleted meanwhile."""
    if "excepted" in row.more:
        return _customer_line({"record": CUSTOMER_RECORD}, customer_of.get(row.value))
    group = group_of.get(row.more.get("group", row.value))
    if group is None:
        return None
    named = {"group_id": group["id"], "group_name": group["name"]}
    if "group" in row.more:
        terms = row_terms.planned(row)._asdict()
        return _customer_line({"record": MEMBER_RECORD, **named}, customer_of.get(row.value), terms)
    found = exceptions_of.get(group["id"])
    return {
        "record": GROUP_RECORD,
        **named,
        "group_key": group.get("key"),
        "group_metadata": _in_order(group["metadata"]),
        "group_rule": _in_order(group.get("rule")),
        "group_exceptions": found._asdict() if found and any(found) else None,
    }


def _customer_line(
    named: Mapping[str, Any], customer: CustomerItem | None, terms: Mapping[str, Any] = NO_TERMS._asdict()
) -> dict[str, Any] | None:
    if customer is None:
        return None
    profile = {name: customer.get(name) for name in CUSTOMER.attributes if name != "metadata"}
    metadata = _in_order(customer.get("metadata"))
    return {**named, "customer_id": customer["id"], **profile, "customer_metadata": metadata, **terms}


def _in_order(value: Any) -> Any:
    """JSON with sorted keys, so that two exports of the same data are equal. DynamoDB does not keep their order."""
    if isinstance(value, Mapping):
        return {name: _in_order(value[name]) for name in sorted(value)}
    return [_in_order(one) for one in value] if isinstance(value, list) else value


def _as_csv(line: Mapping[str, Any]) -> str:
    return spreadsheets.line(_cell(line.get(name)) for name in COLUMNS)


def _cell(value: Any) -> str | None:
    """A text as it is, any other value as JSON, so that an import restores its type."""
    return value if value is None or isinstance(value, str) else exact_json.dumps(value)


def _as_json(line: Mapping[str, Any]) -> str:
    return exact_json.dumps(line) + "\n"
