"""CSV that is safe to open in a spreadsheet (RFC 4180, UTF-8 with a byte order mark, which spreadsheets need).

What a spreadsheet would run as a formula is written with an apostrophe in front, which reading removes. Where there are
apostrophes already, it gets one more, so that reading restores the text exactly. A formula can also follow a semicolon:
in many countries, spreadsheets separate cells there. Some run formulas that begin with a full-width sign.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Final

MARK: Final = "\ufeff"
_SIGN: Final = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
_FORMULA: Final = re.compile(rf"(\A|;[ \"]*)('*{_SIGN})")
_DISARMED: Final = re.compile(rf"(\A|;[ \"]*)'('*{_SIGN})")


def safe(cell: str) -> str:
    return _FORMULA.sub(r"\1'\2", cell)


def plain(cell: str) -> str:
    return _DISARMED.sub(r"\1\2", cell)


def line(cells: Iterable[object]) -> str:
    """One row as a line of CSV."""
    written = io.StringIO()
    csv.writer(written).writerow("" if cell is None else safe(str(cell)) for cell in cells)
    return written.getvalue()


def cells(text: str) -> Iterator[list[str]]:
    """The rows of a CSV text written by `line`."""
    return ([plain(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline="")))
