"""The rows of an import, from the records of an exported file."""

from typing import Any, NamedTuple

from shared.domain import exact_json
from shared.domain.errors import InvalidData
from shared.jobs import cells, rows
from shared.jobs.row_more import More
from shared.jobs.rows import PROFILE_COLUMNS, TERM_COLUMNS, Row
from shared.jobs.uploads import FileRow, MalformedFile


def group_row(record: FileRow) -> Row:
    name = _text(record, "group_name")
    more: More = {
        "group_id": _text(record, "group_id"),
        "key": _shortened(record.cells.get("group_key")) or None,
        "metadata": _json(record, "group_metadata"),
        "rule": _json(record, "group_rule"),
        "exceptions": _json(record, "group_exceptions"),
    }
    return Row(record.line, name, more)


def is_member(row: Row) -> bool:
    return "profile" in row.more


def has_account(row: Row) -> bool:
    """Whether the customer of a row has an account."""
    return row.more["has_account"] is True


class NamedGroup(NamedTuple):
    """What a row calls its group."""

    id: str
    name: str
    is_none: bool
    """Whether the row only creates its customer, without a group."""


def group_of(row: Row) -> NamedGroup:
    return NamedGroup(row.more["group_id"], row.more["group_name"], "in_no_group" in row.more)


def customer_row(record: FileRow, file_format: str) -> Row:
    """The row of a customer who is in none of the groups, but an exception of one."""
    row = member_row(record, file_format)
    return row._replace(more={**row.more, "group_id": "", "group_name": "", "in_no_group": True})


def member_row(record: FileRow, file_format: str) -> Row:
    nothing = None if file_format == "csv" else ""  # CSV has no difference between an empty text and none
    profile: dict[str, Any] = {name: _shortened(record.cells.get(name)) or None for name in PROFILE_COLUMNS}
    profile |= {name: nothing for name in PROFILE_COLUMNS if record.cells.get(name) == ""}
    profile["key"] = _shortened(record.cells.get("key")) or None
    terms = {name: text for name in TERM_COLUMNS if (text := _text(record, name))}
    more: More = {
        **_account(record),
        "group_id": _text(record, "group_id"),
        "group_name": _text(record, "group_name"),
        "id": _text(record, "customer_id"),
        "profile": {**profile, "metadata": _json(record, "customer_metadata")},
    }
    if terms:
        more["given_terms"] = terms
    return Row(record.line, _text(record, "email"), more)


def _account(record: FileRow) -> More:
    """Whether the customer has an account. A cell that says neither yes nor no is refused later, in its row."""
    written = record.cells.get("has_account")
    try:
        return {"has_account": cells.yes_or_no(written, "has_account")}
    except InvalidData:
        return {"has_account": False, "neither_yes_nor_no": rows.shortened(cells.text(written))}


def _text(record: FileRow, name: str) -> str:
    value = record.cells.get(name)
    return rows.shortened(value) if isinstance(value, str) else ""


def _shortened(value: Any) -> Any:
    return rows.shortened(value) if isinstance(value, str) else value


def _json(record: FileRow, name: str) -> Any:
    """The value of a JSON cell. Raises MalformedFile."""
    value = record.cells.get(name)
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return exact_json.loads(value)
    except InvalidData:
        raise MalformedFile.on(record.line, f"has no JSON in {name}") from None
