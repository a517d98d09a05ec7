"""Exports groups, their metadata and their members to a file that can be imported again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any, Final

from shared.domain import attributes, exact_json
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
    """A row for each group, and one for each of its members, also those who join later, in the order of ids."""

    def find(_: Item, __: Sequence[Phase], position: Position) -> Iterator[Row]:
        return _rows(sorted(set(groups.every_id() if group_ids is None else group_ids)), position)

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
    group_of = records.get_many(GROUP, [row.more.get("group", row.value) for row in some])
    member_of = records.get_many(CUSTOMER, [row.value for row in some if "group" in row.more])
    exceptions_of = exceptions.of_groups(row.value for row in some if "group" not in row.more)
    return filter(None, (_line(row, group_of, member_of, exceptions_of) for row in some))


def _rows(group_ids: Iterable[str], position: Position) -> Iterator[Row]:
    first, after = (position["group"], position["after"]) if position else ("", None)
    for group_id in group_ids:
        if group_id < first:
            continue
        if group_id != first:
            yield Row(None, group_id)
        last = after if group_id == first else None
        for one in membership_reads.not_over(group_id, after=last):
            yield Row(None, one.customer_id, {"group": group_id, **row_terms.as_planned(one.terms)})


def _after(row: Row) -> Position:
    if "group" in row.more:
        return {"group": row.more["group"], "after": row.value}
    return {"group": row.value, "after": None}


def _line(
    row: Row,
    group_of: Mapping[str, GroupItem],
    member_of: Mapping[str, CustomerItem],
    exceptions_of: Mapping[str, Exceptions],
) -> dict[str, Any] | None:
    group = group_of.get(row.more.get("group", row.value))
    if group is None:
        return None
    named = {"group_id": group["id"], "group_name": group["name"]}
    if "group" not in row.more:
        found = exceptions_of.get(group["id"])
        return {
            "record": GROUP_RECORD,
            **named,
            "group_key": group.get("key"),
            "group_metadata": _in_order(group["metadata"]),
            "group_rule": _in_order(group.get("rule")),
            "group_exceptions": found._asdict() if found and any(found) else None,
        }
    customer = member_of.get(row.value)
    if customer is None:
        return None
    profile = {name: customer.get(name) for name in CUSTOMER.attributes if name != "metadata"}
    return {
        "record": MEMBER_RECORD,
        **named,
        "customer_id": customer["id"],
        **profile,
        "customer_metadata": _in_order(customer.get("metadata")),
        **row_terms.planned(row)._asdict(),
    }


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
