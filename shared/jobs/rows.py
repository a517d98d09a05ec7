"""The rows of jobs, their results, and the text form of both."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from shared.domain import attributes, exact_json
from shared.domain.errors import ApiError
from shared.domain.terms import Terms
from shared.jobs import spreadsheets
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

LONGEST_CELL: Final = 300
"""Longer than any id, key, e-mail address or name can be."""
_DIGEST_BYTES: Final = 16
DUPLICATE_ROW: Final = "duplicate_row"
NAMED_BEFORE: Final = "Named before in the same list"


class Row(NamedTuple):
    """One row: the line it came from, its value, and further values that the work needs."""

    line: int | None
    value: str
    more: Mapping[str, Any] = {}

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
    """The profile and the terms in a refused row."""
    basis: Mapping[str, Any] | None = None
    """In a dry run, what the outcome depends on that an earlier row could have changed (`dry_runs`)."""

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


def refusing(result: Result, refusal: ApiError) -> Result:
    """The result, but refused."""
    return result._replace(outcome="refused", code=refusal.code, message=refusal.message)


def again(row: Row, known: Sequence[Any]) -> Result:
    """The result of a row from `Result.known`."""
    result = Result(row.line, row.value, *known)
    return result._replace(given=given(row)) if result.outcome == "refused" else result


def given(row: Row) -> dict[str, str]:
    """The profile and the terms in a row, for the case that it is refused."""
    profile = row.more.get("profile", {})
    found = {name: profile[name] for name in PROFILE_COLUMNS if profile.get(name)} | row.more.get("given_terms", {})
    has_account = row.more.get("has_account")  # as in the file, or from an export
    return {**found, "has_account": "true" if has_account is True else has_account} if has_account else found


def totals(results: Iterable[Result]) -> dict[str, int]:
    """The number of rows that are done, in total and by outcome."""
    counted = Counter(result.outcome for result in results)
    return {"done": counted.total(), **{name: counted[name] for name in OUTCOMES}}


def pack(rows: Iterable[Row]) -> bytes:
    """Rows as the lines of a chunk."""
    return "".join(exact_json.dumps(list(row)) + "\n" for row in rows).encode()


def unpack(content: bytes) -> list[Row]:
    return [Row(*exact_json.loads(line)) for line in content.decode().split("\n") if line]


def header(file_format: str) -> str:
    """The first line of a result file."""
    return spreadsheets.MARK + spreadsheets.line(COLUMNS) if file_format == "csv" else ""


def write(results: Iterable[Result], file_format: str) -> str:
    """Results as the lines of a result file."""
    if file_format == "csv":
        return "".join(spreadsheets.line(map(_cells(result).get, COLUMNS)) for result in results)
    return "".join(exact_json.dumps(_cells(result)) + "\n" for result in results)


def _cells(result: Result) -> dict[str, Any]:
    cells = {**result._asdict(), **result.given}
    del cells["given"], cells["basis"]
    return cells


def read(text: str, file_format: str) -> Iterator[Mapping[str, str | None]]:
    """The cells of results, from a text written by `write`."""
    if file_format == "csv":
        # A chunk that was processed by an earlier release has fewer columns.
        return (dict(zip(COLUMNS, cells, strict=False)) for cells in spreadsheets.cells(text))
    return (exact_json.loads(line) for line in text.split("\n") if line)
