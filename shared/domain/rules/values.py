"""The values of conditions: their types, and the checks of what a client sends."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from shared.domain import ids, metadata, moments
from shared.domain.rules.fields import NEGATIONS, ORDERS, TEXT_PARTS, FieldType
from shared.domain.values import printable

LONGEST_TEXT: Final = 1_000
MAX_DAYS: Final = 36_500
WITHOUT_VALUE: Final = frozenset({"null", "notNull"})
_BOTH_ENDS: Final = 2
_END_OF_TIME: Final = moments.iso(datetime.max.replace(tzinfo=UTC))


class ValueFaultError(ValueError):
    """What is wrong with a value. `place` is its path within the value, such as `.0`."""

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(message)
        self.place = place


def checked(kind: FieldType, operator: str, value: object) -> Any:
    """The value in the form that is stored. Raises ValueFaultError."""
    plain = NEGATIONS.get(operator, operator)
    if plain == "inLast":
        return _days(value)
    one = text if plain in TEXT_PARTS else _SINGLE[kind]
    if plain == "in":
        return _each(value, one)
    if plain == "between" or plain in ORDERS:
        one = _ordered if kind == "metadata" else one
    if plain == "between":
        return _ends(_each(value, one))
    return one(value)


def is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def moment(value: object) -> str | None:
    """A text as a moment in UTC with milliseconds, or None if it is no date and time."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return moments.iso(found if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=4_096)
def shifted(at: str, days: int) -> str:
    """The moment this many days later, within the years that can be written."""
    try:
        return moments.iso(datetime.fromisoformat(at) + timedelta(days=days))
    except OverflowError:
        return _END_OF_TIME if days > 0 else ""


def _each(value: object, check: Callable[[object], Any]) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise ValueFaultError("must be a list of values")
    found = []
    for index, one in enumerate(value):
        try:
            found.append(check(one))
        except ValueFaultError as fault:
            raise ValueFaultError(str(fault), f".{index}") from None
    return found


def _ends(values: list[Any]) -> list[Any]:
    if len(values) != _BOTH_ENDS:
        raise ValueFaultError("must be a list of two values, the lower and the upper")
    if is_number(values[0]) != is_number(values[1]):
        raise ValueFaultError("must be two numbers, or two dates")
    if values[0] > values[1]:
        raise ValueFaultError("must have the lower value first")
    return values


def text(value: object) -> str:
    """The same text. Raises ValueFaultError."""
    if not isinstance(value, str):
        raise ValueFaultError("must be a text")
    if not 1 <= len(value) <= LONGEST_TEXT:
        raise ValueFaultError(f"must have 1 to {LONGEST_TEXT:,} characters")
    try:
        return printable(value)
    except ValueError as error:
        raise ValueFaultError(str(error)) from None


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueFaultError("must be true or false")
    return value


def _moment(value: object) -> str:
    found = moment(value)
    if found is None:
        raise ValueFaultError("must be a date and time in ISO 8601")
    return found


def _number(value: Any) -> int | Decimal:
    try:
        return metadata.exact_number(Decimal(str(value)), "the number")
    except ValueError:
        raise ValueFaultError("must be a number that can be stored exactly") from None


def _any(value: object) -> Any:
    if isinstance(value, bool):
        return value
    if is_number(value) or isinstance(value, float):
        return _number(value)
    if isinstance(value, str):
        return text(value)
    raise ValueFaultError("must be a text, a number, true or false")


def _ordered(value: object) -> Any:
    """A number or a moment: what metadata can be less or greater than."""
    if not isinstance(value, bool) and (is_number(value) or isinstance(value, float)):
        return _number(value)
    found = moment(value)
    if found is None:
        raise ValueFaultError("must be a number, or a date and time in ISO 8601")
    return found


def _group(value: object) -> str:
    if not isinstance(value, str) or not (ids.is_possible(value) or ids.own_key(value)):
        raise ValueFaultError("must be the id of a customer group, or key: and its key")
    return value


def _days(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_DAYS:
        raise ValueFaultError(f"must be a number of days from 1 to {MAX_DAYS:,}")
    return value


_SINGLE: Final[Mapping[FieldType, Callable[[object], Any]]] = {
    "text": text,
    "boolean": _boolean,
    "moment": _moment,
    "metadata": _any,
    "groups": _group,
}
