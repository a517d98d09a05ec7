"""Cells of files: texts in CSV, and any JSON value in JSON lines."""

from typing import Any, Final

from shared.domain import exact_json
from shared.domain.errors import InvalidData

NESTED: Final = "must be a text, not a list or an object"
_YES: Final = frozenset({"true", "yes", "y", "1", "wahr", "vrai", "verdadero", "verdadeiro"})
_NO: Final = frozenset({"", "false", "no", "n", "0", "falsch", "faux", "falso"})
"""With the words of spreadsheets in the languages of the page."""


def text(value: Any) -> str:
    """A cell as text. Other JSON values become their JSON."""
    if isinstance(value, str):
        return value.strip()
    return "" if value is None else exact_json.dumps(value)


def is_nested(value: Any) -> bool:
    return isinstance(value, list | dict)


def yes_or_no(value: Any, column: str) -> bool:
    """The meaning of a cell with yes or no, in any case. An empty one is no. Raises InvalidData for any other text."""
    written = text(value).lower()
    if written in _YES:
        return True
    if written in _NO:
        return False
    raise InvalidData.at(column, "must be true or false")
