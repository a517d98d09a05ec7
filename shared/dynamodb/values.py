"""Converts items between Python and DynamoDB's JSON: `{"name": "VIP"}` and `{"name": {"S": "VIP"}}`.

boto3 can do this too, but takes five times as long (docs/performance.md).
"""

from collections.abc import Callable, Mapping
from decimal import Context, Decimal, Inexact
from typing import Any, Final

from shared.domain.metadata import MAX_DIGITS

type Typed = Mapping[str, Any]
"""A value in DynamoDB's JSON: `{"N": "52"}`."""

_OF_CONTAINER: Final = 3
_OF_ELEMENT: Final = 1
_OF_NUMBER: Final = 2
"""The exponent, and a pair of digits that is not full. A sign takes one byte more."""
_AS_STORED: Final = Context(prec=MAX_DIGITS, Emin=-130, Emax=126, traps=[Inexact])


def serialize(values: Mapping[str, object]) -> dict[str, Any]:
    """Raises TypeError for values that cannot be stored, including floats, which are not exact."""
    return {name: _write(value) for name, value in values.items()}


def deserialize(item: Mapping[str, Typed]) -> dict[str, Any]:
    return {name: _read(value) for name, value in item.items()}


def size(value: Any) -> int:
    """The size of a value as DynamoDB counts it, in bytes. A little more for some numbers, whose size is not exact."""
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, Mapping):
        return _OF_CONTAINER + sum(len(name.encode()) + size(one) + _OF_ELEMENT for name, one in value.items())
    if isinstance(value, list | tuple):
        return _OF_CONTAINER + sum(size(one) + _OF_ELEMENT for one in value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return len(Decimal(value).as_tuple().digits) // 2 + _OF_NUMBER + (value < 0)
    return 1


def _write(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"S": value}
    if value is None or isinstance(value, bool):
        return {"NULL": True} if value is None else {"BOOL": value}
    if isinstance(value, int | Decimal):
        # Raises Inexact instead of rounding.
        return {"N": str(_AS_STORED.create_decimal(value))}
    if isinstance(value, Mapping):
        return {"M": serialize(value)}
    if isinstance(value, list | tuple):
        return {"L": [_write(one) for one in value]}
    raise TypeError(f"{type(value).__name__} cannot be stored")


def _read(value: Typed) -> Any:
    ((kind, content),) = value.items()
    return content if kind == "S" else _READERS[kind](content)


def _number(text: str) -> int | Decimal:
    """An `int` or `Decimal`. Long numbers lose the trailing zeros, because DynamoDB returns 1E+40 written out."""
    if len(text) > MAX_DIGITS:
        return Decimal(text).normalize(_AS_STORED)
    return int(text) if text.removeprefix("-").isdecimal() else Decimal(text)


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "N": _number,
    "BOOL": bool,
    "NULL": lambda _: None,
    "M": deserialize,
    "L": lambda values: [_read(one) for one in values],
}
