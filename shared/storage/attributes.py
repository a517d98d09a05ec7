"""Items as Python has them and as DynamoDB's JSON has them: `{"name": "VIP"}` and `{"name": {"S": "VIP"}}`.

boto3 can do this too, but at five times the time and with sets and bytes that no item here has (docs/performance.md).
"""

from collections.abc import Callable, Mapping
from decimal import Context, Decimal, Inexact
from typing import Any, Final

type WireValue = Mapping[str, Any]

MOST_DIGITS: Final = 38
"""How many digits of a number DynamoDB keeps."""
_AS_STORED: Final = Context(prec=MOST_DIGITS, Emin=-130, Emax=126, traps=[Inexact])


def to_wire(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _write(value) for name, value in values.items()}


def from_wire(wire_item: Mapping[str, WireValue]) -> dict[str, Any]:
    return {name: _read(value) for name, value in wire_item.items()}


def _write(value: Any) -> dict[str, Any]:
    """Raises TypeError for what an item cannot hold, floats among it: they would change on the way."""
    if isinstance(value, str):
        return {"S": value}
    if value is None or isinstance(value, bool):
        return {"NULL": True} if value is None else {"BOOL": value}
    if isinstance(value, int | Decimal):
        # Raises Inexact rather than round.
        return {"N": str(_AS_STORED.create_decimal(value))}
    if isinstance(value, Mapping):
        return {"M": to_wire(value)}
    if isinstance(value, list | tuple):
        return {"L": [_write(one) for one in value]}
    raise TypeError(f"{type(value).__name__} cannot be stored")


def _read(value: WireValue) -> Any:
    ((kind, content),) = value.items()
    return content if kind == "S" else _READERS[kind](content)


def _number(text: str) -> Decimal:
    """The number with no more than its significant digits: DynamoDB writes 1E+40 out."""
    return Decimal(text).normalize(_AS_STORED) if len(text) > MOST_DIGITS else Decimal(text)


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "N": _number,
    "BOOL": bool,
    "NULL": lambda _: None,
    "M": from_wire,
    "L": lambda values: [_read(one) for one in values],
}
