"""The rows of jobs, their results, and the text form of both."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from shared.domain import attributes, exact_json
from shared.domain.errors import ApiError
from shared.domain.terms import Terms
from shared.dynamodb.expressions import Item
from shared.jobs import spreadsheets
from shared.jobs.bases import Basis
from shared.jobs.row_more import More
from shared.storage.jobs import OUTCOMES, Outcome

PROFILE_COLUMNS: Final = tuple(name for name in attributes.CUSTOMER.searched if name != "email")
TERM_COLUMNS: Final = Terms._fields
COLUMNS: Final = (
    *("line", "value", "customer_id", "outcome", "code", "message"),
    *PROFILE_COLUMNS,
    "has_account",
    *TERM_COLUMNS,
)
"""The columns of a result. The last ones are filled in for refused rows, which can be corrected and imported again."""
JSON_COLUMNS: Final = ("group_metadata", "group_rule", "group_exceptions", "customer_metadata")
IMPORT_COLUMNS: Final = (
    *COLUMNS,
    *("record", "group_id", "group_name", "group_key", *JSON_COLUMNS[:3]),
    *("email", "key", *JSON_COLUMNS[3:]),
)
"""The columns of the result of an import. With them, its refused rows have all the columns of an export."""

LONGEST_CELL: Final = 300
"""Longer than any id, key, e-mail address or name can be."""
_DIGEST_BYTES: Final = 16
_NO_MORE: Final[More] = {}
DUPLICATE_ROW: Final = "duplicate_row"
NAMED_BEFORE: Final = "Named before in the same list"


class Row(NamedTuple):
    """One row: the line it came from, its value, and further values that the work needs."""

    line: int | None
    value: str
    more: More = _NO_MORE

    @property
    def is_passed(self) -> bool:
        """Whether this only tells how far planning has come: the customer has no row."""
        return "passed" in self.more


class Result(NamedTuple):
    """The result of one row."""

    line: int | None
    value: str
    customer_id: str | None
    outcome: Outcome
    code: str | None = None
    message: str | None = None
    given: Mapping[str, str] = {}
    """The columns that a refused row keeps, as the texts of CSV."""
    basis: Basis | None = None
    """In a dry run, what the outcome depends on that an earlier row could have changed."""

    @property
    def known(self) -> tuple[Any, ...]:
        """What is known only after the row was processed."""
        return self[2:6]


def shortened(text: str) -> str:
    """The text, or its start if it is too long for anything but a refusal. So chunks and results stay small."""
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"


def digest(text: str) -> str:
    """A text of any length as part of a key, without the address that it may be."""
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest()


def of(row: Row, outcome: Outcome, customer_id: str | None = None) -> Result:
    """The result of a row that was done."""
    result = Result(row.line, row.value, customer_id, outcome)
    return with_outcome(result, outcome, is_named_before="named_before" in row.more)


def with_outcome(result: Result, outcome: Outcome, *, is_named_before: bool) -> Result:
    """The result with this outcome. If the row changes nothing and an earlier one names its customer, it says so."""
    is_duplicate = is_named_before and outcome == "unchanged"
    code, message = (DUPLICATE_ROW, NAMED_BEFORE) if is_duplicate else (None, None)
    return result._replace(outcome=outcome, code=code, message=message)


def refused(row: Row, refusal: ApiError, customer_id: str | None = None) -> Result:
    """The result of a row that failed, with the code and message of the API's error."""
    return again(row, (customer_id, "refused", refusal.code, refusal.message))


def only_created(row: Row, refusal: ApiError, customer_id: str) -> Result:
    """The result of a row that created its customer before the rest of it failed."""
    return again(row, (customer_id, "created", refusal.code, refusal.message))


def refusing(result: Result, refusal: ApiError) -> Result:
    """The result, but refused."""
    return result._replace(outcome="refused", code=refusal.code, message=refusal.message)


def again(row: Row, known: Sequence[Any]) -> Result:
    """The result of a row from `Result.known`."""
    result = Result(row.line, row.value, *known)
    return result._replace(given=given(row)) if result.outcome == "refused" else result


def given(row: Row) -> dict[str, str]:
    """The columns that a row keeps if it is refused: the profile and the terms, or all those of an export."""
    profile = row.more.get("profile", {})
    found = {name: _text(profile[name]) for name in PROFILE_COLUMNS if profile.get(name)}
    found |= row.more.get("given_terms", {})
    if has_account := row.more.get("neither_yes_nor_no") or row.more.get("has_account"):
        found["has_account"] = _text(has_account)
    return found | _exported(row)


def _exported(row: Row) -> dict[str, str]:
    """The other columns of a row of an import. Those of metadata, rules and exceptions have JSON."""
    more = row.more
    if "group_id" not in more:
        return {}
    if "profile" in more:
        named = {
            "record": "customer" if "in_no_group" in more else "member",
            "group_name": more["group_name"],
            "customer_id": more["id"],
            "email": row.value,
            "key": more["profile"]["key"],
        }
        values = {"customer_metadata": more["profile"]["metadata"]}
    else:
        named = {"record": "customer_group", "group_name": row.value, "group_key": more["key"]}
        values = {
            "group_metadata": more["metadata"],
            "group_rule": more["rule"],
            "group_exceptions": more["exceptions"],
        }
    named["group_id"] = more["group_id"]
    texts = {name: _text(value) for name, value in named.items() if value}
    return texts | {name: exact_json.dumps(value) for name, value in values.items() if value is not None}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else exact_json.dumps(value)


def totals(results: Iterable[Result]) -> dict[str, int]:
    """The number of rows that are done, in total and by outcome."""
    counted = Counter(result.outcome for result in results)
    return {"done": counted.total(), **{name: counted[name] for name in OUTCOMES}}


def pack(rows: Iterable[Row]) -> bytes:
    """Rows as the lines of a chunk."""
    return "".join(exact_json.dumps(list(row)) + "\n" for row in rows).encode()


def unpack(content: bytes) -> list[Row]:
    return [Row(*exact_json.loads(line)) for line in content.decode().split("\n") if line]


def header(job: Item) -> str:
    """The first line of a job's result file."""
    return spreadsheets.MARK + spreadsheets.line(_columns(job)) if job["format"] == "csv" else ""


def write(results: Iterable[Result], job: Item) -> str:
    """Results as the lines of a job's result file."""
    if job["format"] == "csv":
        return "".join(spreadsheets.line(map(_cells(result).get, _columns(job))) for result in results)
    return "".join(exact_json.dumps(_as_json(_cells(result))) + "\n" for result in results)


def _columns(job: Item) -> Sequence[str]:
    return IMPORT_COLUMNS if job["type"] == "import" else COLUMNS


def _cells(result: Result) -> dict[str, Any]:
    cells = {**result._asdict(), **(result.given if result.outcome == "refused" else {})}
    del cells["given"], cells["basis"]
    return cells


def _as_json(cells: dict[str, Any]) -> dict[str, Any]:
    """Cells with JSON as an export writes them. A text stays JSON, so that an import can read it."""
    values = {name: exact_json.loads(cells[name]) for name in JSON_COLUMNS if name in cells}
    return {**cells, **{name: value for name, value in values.items() if not isinstance(value, str)}}


def read(text: str, file_format: str) -> Iterator[Mapping[str, str | None]]:
    """The cells of results, from a text written by `write`, without the columns of imports."""
    if file_format == "csv":
        # A chunk that was processed by an earlier release has fewer columns.
        return (dict(zip(COLUMNS, cells, strict=False)) for cells in spreadsheets.cells(text))
    return (exact_json.loads(line) for line in text.split("\n") if line)
