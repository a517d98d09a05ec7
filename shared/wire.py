"""JSON as this API speaks it: numbers keep their exact value in both directions.

Floats are read as `Decimal` and `Decimal` is written as it is, so 0.1 or a number of 38 digits passes through
unchanged. `NaN` and `Infinity`, which are not JSON, are refused.
"""

from decimal import Decimal, InvalidOperation
from typing import Any, Final

import simplejson

from shared.errors import InvalidData

type Json = Any

MOST_DIGITS: Final = 128
"""Of whole numbers that become an `int`. Far beyond what can be stored, far below what is slow."""


def loads(text: str) -> Json:
    """Parse JSON. Raises `InvalidData` for anything that is not JSON or is nested beyond all reason."""
    try:
        return simplejson.loads(text, use_decimal=True, parse_constant=_refuse_constant, parse_int=_parse_int)
    except simplejson.JSONDecodeError as error:
        raise InvalidData(f"The body is not valid JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise InvalidData("The body is nested too deeply") from None
    except InvalidOperation:
        raise InvalidData("The body has a number with an exponent beyond all bounds") from None


def dumps(value: Json) -> str:
    return simplejson.dumps(
        value, use_decimal=True, separators=(",", ":"), ensure_ascii=False, namedtuple_as_object=False
    )


def plain(text: str) -> Json:
    """Parse JSON of ours for the Lambda runtime, which can return floats but no `Decimal`."""
    return simplejson.loads(text)


def _refuse_constant(name: str) -> Json:
    raise InvalidData(f"The body is not valid JSON: {name} is not a JSON value")


def _parse_int(digits: str) -> int | Decimal:
    """Python refuses to convert thousands of digits; `Decimal` takes them, and validation refuses them by name."""
    return int(digits) if len(digits) <= MOST_DIGITS else Decimal(digits)


def same(one: Json, other: Json) -> bool:
    """Whether two values are the same JSON. Python's `==` is not enough: to it, `True` equals 1."""
    return bool(simplejson.dumps(one, sort_keys=True) == simplejson.dumps(other, sort_keys=True))
