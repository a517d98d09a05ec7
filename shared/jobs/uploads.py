"""Reads the rows of an uploaded file piece by piece: CSV, plain lines, or JSON lines.

A malformed file is refused as a whole, before anything is written. The error names the line.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain, islice
from typing import Any, Final, NamedTuple

from shared.domain import exact_json
from shared.domain.errors import InvalidData
from shared.domain.exact_json import RepeatedNameError
from shared.jobs import spreadsheets

LONGEST_LINE: Final = 1_000_000
LONGEST_CELL: Final = 150_000
"""Enough for 100 kB of metadata, in which CSV doubles every quote."""
MAX_COLUMNS: Final = 100

csv.field_size_limit(LONGEST_CELL)

_BEGINNING_LINES: Final = 100
_BEGINNING_LENGTH: Final = 100_000
_QUOTED: Final = re.compile(r'(?<![^,;\t\n])"[^"]*(?:""[^"]*)*(?:"|\Z)')
_SEPARATOR: Final = re.compile(r"sep=([,;\t|])", re.IGNORECASE)
_CARRIAGE_RETURNS: Final = "has carriage returns as line breaks; save the file with those of Windows or Unix"

_OTHER_FILES: Final[Mapping[bytes, str]] = {
    b"PK\x03\x04": "is a zip archive or a spreadsheet; save it as CSV",
    b"\x1f\x8b": "is compressed; upload it unpacked",
    b"\xff\xfe": "is UTF-16; save it as UTF-8",
    b"\xfe\xff": "is UTF-16; save it as UTF-8",
}


class MalformedFile(InvalidData):
    """The uploaded file is malformed. The message names the line."""

    @classmethod
    def on(cls, line: int, message: str, *, log_message: str | None = None) -> "MalformedFile":
        return cls(f"line {line} {message}", log_message=f"line {line} {log_message or message}")


class FileRow(NamedTuple):
    """One row of a file: the line that it starts on, and its cells by column name."""

    line: int
    cells: Mapping[str, Any]


def records(pieces: Iterable[bytes], file_format: str) -> Iterator[FileRow]:
    """The rows of a file. Raises MalformedFile."""
    lines = _lines(pieces)
    found = _READERS[file_format](lines)
    is_empty = True
    for record in found:
        is_empty = False
        yield record
    if is_empty:
        raise MalformedFile("the file has no rows")


@lru_cache(maxsize=1_000)  # each JSON object names its columns again
def column_name(written: str) -> str:
    """`E-Mail Address` as `e_mail_address`."""
    return re.sub(r"[\s\-]+", "_", written.strip().lower())


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """The lines of the text, each with its line break."""
    rest, number, is_first = b"", 0, True
    for piece in pieces:
        if is_first:
            piece = _without_mark(piece)  # noqa: PLW2901 - the byte order mark is not part of the text
            is_first = False
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            number += 1
            yield _text(line, number) + "\n"
        if len(rest) > LONGEST_LINE:
            raise _too_long(rest, number + 1)
    if rest:
        yield _text(rest, number + 1)


def _without_mark(piece: bytes) -> bytes:
    for mark, complaint in _OTHER_FILES.items():
        if piece.startswith(mark):
            raise MalformedFile(f"the file {complaint}")
    return piece.removeprefix(b"\xef\xbb\xbf")


def _text(line: bytes, number: int) -> str:
    if b"\0" in line:
        raise MalformedFile.on(number, "holds a NUL")
    if len(line) > LONGEST_LINE:
        raise _too_long(line, number)
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise MalformedFile.on(number, "is not UTF-8; save the file as UTF-8") from None


def _too_long(line: bytes, number: int) -> MalformedFile:
    has_returns = b"\r" in line.rstrip(b"\r")
    return MalformedFile.on(number, _CARRIAGE_RETURNS if has_returns else f"is longer than {LONGEST_LINE:,} bytes")


def _json_lines(lines: Iterable[str]) -> Iterator[FileRow]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            written = exact_json.loads(line, unique_names=True)
        except RepeatedNameError as error:
            raise _two_of_a_name(number, "fields", error.name) from None
        except InvalidData:
            raise MalformedFile.on(number, "is not JSON") from None
        if isinstance(written, str):
            written = {"value": written}
        if not isinstance(written, dict):
            raise MalformedFile.on(number, "is neither a JSON object nor a text")
        if len(written) > MAX_COLUMNS:
            raise MalformedFile.on(number, f"has more than {MAX_COLUMNS} fields")
        if repeated := _repeated(columns := list(map(column_name, written))):
            raise _two_of_a_name(number, "fields", repeated)
        yield FileRow(number, dict(zip(columns, written.values(), strict=True)))


def _plain_lines(lines: Iterator[str]) -> Iterator[FileRow]:
    """One value per line, without a header."""
    for number, line in enumerate(lines, 1):
        value = line.strip()
        if "\r" in value:
            raise MalformedFile.on(number, _CARRIAGE_RETURNS)
        if value:
            yield FileRow(number, {"value": value})


def _csv(lines: Iterator[str]) -> Iterator[FileRow]:
    first = _beginning(lines)
    rows = _csv_rows(*_separated(first, lines))
    number, names = next(rows, (1, []))
    if len(names) > MAX_COLUMNS:
        raise MalformedFile.on(number, f"has more than {MAX_COLUMNS} columns")
    columns = [column_name(name) for name in names]
    if len(names) == 1 and _is_value(names[0]):
        columns = ["value"]  # a plain list without a header
        yield FileRow(number, {"value": names[0]})
    if repeated := _repeated(columns):
        raise _two_of_a_name(number, "columns", repeated)
    for row_number, cells in rows:
        if len(cells) != len(columns):
            raise MalformedFile.on(row_number, f"has {len(cells)} cells, and the first line {len(columns)}")
        yield FileRow(row_number, dict(zip(columns, cells, strict=True)))


def _csv_rows(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, with the line that each starts on."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise MalformedFile.on(begins, _complaint(error)) from None
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield begins, [spreadsheets.plain(cell) for cell in row]


def _complaint(error: csv.Error) -> str:
    if any(hint in str(error) for hint in ("unexpected end of data", "field larger than")):
        return "has a quote that is never closed, or a cell too long"
    return _CARRIAGE_RETURNS if "new-line character" in str(error) else f"is not CSV: {error}"


def _beginning(lines: Iterator[str]) -> list[str]:
    """The first lines: enough to recognize the delimiter, also after blank lines."""
    first: list[str] = []
    length = 0
    for line in islice(lines, _BEGINNING_LINES):
        first.append(line)
        length += len(line)
        if length > _BEGINNING_LENGTH:
            break
    return first


def _separated(first: list[str], rest: Iterator[str]) -> tuple[Iterator[str], str]:
    """All lines, and the delimiter. Excel can name it in the first line, which then is no row (`sep=;`)."""
    if first and (named := _SEPARATOR.fullmatch(first[0].rstrip("\r\n"))):
        return chain(["\n"], first[1:], rest), named[1]
    return chain(first, rest), _delimiter("".join(first))


def _delimiter(text: str) -> str:
    """The delimiter of the first line that is not blank. Spreadsheets write semicolons in many countries."""
    header = next((line for line in _QUOTED.sub("quoted", text).split("\n") if line.strip()), "")
    return max(",;\t", key=header.count)


def _is_value(cell: str) -> bool:
    """Whether a cell is a value, not the name of a column."""
    return "@" in cell or cell.startswith(("cus_", "key:"))


def _repeated(columns: list[str]) -> str | None:
    is_distinct = len(set(columns)) == len(columns)
    return None if is_distinct else min(name for name in columns if columns.count(name) > 1)


def _two_of_a_name(line: int, what: str, name: str) -> MalformedFile:
    return MalformedFile.on(line, f"has two {what} called {name!r}", log_message=f"has two {what} of the same name")


_READERS: Final[Mapping[str, Callable[[Iterator[str]], Iterator[FileRow]]]] = {
    "csv": _csv,
    "jsonl": _json_lines,
    "text": _plain_lines,
}
