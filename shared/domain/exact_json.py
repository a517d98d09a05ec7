"""JSON with exact numbers.

Fractions are read as `Decimal`, and a `Decimal` is written exactly, so that 0.1 or a number with 38 digits does not
change. `NaN` and `Infinity` are refused, because they are not JSON. Half of a surrogate pair is refused, because it can
be neither stored nor sent.
"""

import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import simplejson

from shared.domain.errors import InvalidData

type Json = Any

MAX_DIGITS: Final = 128
"""The most digits of a number that becomes an `int`. More than can be stored, and still fast to convert."""

_ENCODER: Final = simplejson.JSONEncoder(
    use_decimal=True, separators=(",", ":"), ensure_ascii=False, namedtuple_as_object=False
)
_ESCAPED_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")


class RepeatedNameError(Exception):
    """An object has two values of the same name."""

    def __init__(self, name: str) -> None:
        super().__init__("an object has two values of the same name")
        self.name = name


def loads(text: str, *, unique_names: bool = False) -> Json:
    """Parse JSON. Raises InvalidData for text that is not JSON or is nested too deeply.

    Of several values with the same name, the last one counts. With `unique_names`, they raise RepeatedNameError.
    """
    hook = _unique if unique_names else None
    try:
        value = simplejson.loads(
            text, use_decimal=True, parse_constant=_refuse_constant, parse_int=_parse_int, object_pairs_hook=hook
        )
        (dumps(value) if _ESCAPED_SURROGATE.search(text) else text).encode()
    except simplejson.JSONDecodeError as error:
        raise InvalidData(f"The body is not valid JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise InvalidData("The body is nested too deeply") from None
    except InvalidOperation:
        raise InvalidData("The body has a number with an exponent beyond all bounds") from None
    except UnicodeEncodeError:
        raise InvalidData("The body has half of a surrogate pair, which is not a character") from None
    return value


def dumps(value: Json) -> str:
    return _ENCODER.encode(value)


def plain(text: str) -> Json:
    """Parse JSON with floats, for the Lambda runtime, which cannot return `Decimal`."""
    return simplejson.loads(text)


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen = Counter(name for name, _ in pairs)
        raise RepeatedNameError(next(name for name, number in seen.items() if number > 1))
    return found


def _refuse_constant(name: str) -> Json:
    raise InvalidData(f"The body is not valid JSON: {name} is not a JSON value")


def _parse_int(digits: str) -> int | Decimal:
    """Python does not convert thousands of digits to `int`. They become a `Decimal`, which validation refuses."""
    return int(digits) if len(digits) <= MAX_DIGITS else Decimal(digits)


def same(one: Json, other: Json) -> bool:
    """Whether two values are the same JSON. Python's `==` is not enough, because `True == 1`."""
    return canonical(one) == canonical(other)


def canonical(value: Json) -> str:
    """The same text for the same JSON."""
    return str(simplejson.dumps(value, sort_keys=True))
