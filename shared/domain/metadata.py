"""Metadata: its limits, and how updates are merged."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from shared.domain import exact_json
from shared.domain.errors import InvalidData, as_loggable

LARGEST_BYTES: Final = 100_000
LONGEST_KEY: Final = 255
DEEPEST: Final = 30
"""DynamoDB allows 32 levels. The item and the metadata map use two of them."""
MAX_DIGITS: Final = 38
SMALLEST_EXPONENT: Final = -128
LARGEST_EXPONENT: Final = 125
"""The range of numbers that DynamoDB stores exactly."""


def check(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata with each number in a form that DynamoDB stores exactly.

    Raises ValueError for other numbers, for an empty or too long key, and for too much nesting or size.
    """
    checked = _checked_map(metadata, "metadata", depth=1)
    if len(exact_json.dumps(checked).encode()) > LARGEST_BYTES:
        raise ValueError(f"metadata must be at most {LARGEST_BYTES:,} bytes of JSON")
    return checked


def merge(present: Mapping[str, Any] | None, update: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A shallow merge. New keys are added, a key with the value `""` is removed, and None clears all metadata.

    Raises ValueError when the result is too large.
    """
    if update is None:
        return None
    merged = {**(present or {}), **update}
    return check({key: value for key, value in merged.items() if not (key in update and value == "")})


def merged_into(item: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The new values of the changed attributes: metadata is merged, others are replaced. Raises InvalidData."""
    if "metadata" not in changes:
        return dict(changes)
    try:
        return {**changes, "metadata": merge(item.get("metadata"), changes["metadata"])}
    except ValueError as error:
        raise InvalidData.at("metadata", str(error)) from None


def _checked_map(values: Mapping[str, Any], path: str, depth: int) -> dict[str, Any]:
    for key in values:
        if not 1 <= len(key) <= LONGEST_KEY:
            raise ValueError(f"{path} has a key of {len(key)} characters; keys have 1 to {LONGEST_KEY}")
    return {key: _checked(value, f"{path}.{as_loggable(key)}", depth) for key, value in values.items()}


def _checked(value: Any, path: str, depth: int) -> Any:
    if depth > DEEPEST:
        raise ValueError(f"metadata is nested deeper than {DEEPEST} levels")
    if isinstance(value, Mapping):
        return _checked_map(value, path, depth + 1)
    if isinstance(value, list):
        return [_checked(element, f"{path}[{index}]", depth + 1) for index, element in enumerate(value)]
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return exact_number(Decimal(str(value)), path)
    return value


def exact_number(number: Decimal, path: str) -> int | Decimal:
    """The number without trailing zeros, which DynamoDB does not count as digits."""
    if not number.is_finite():
        raise ValueError(f"{path} is not a number that can be stored")
    sign, digits, exponent = number.as_tuple()
    significant = "".join(map(str, digits)).strip("0")
    if not significant:
        return 0
    trailing = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    plain = Decimal((sign, tuple(map(int, significant)), int(exponent) + trailing))
    if len(significant) > MAX_DIGITS or not SMALLEST_EXPONENT <= plain.adjusted() <= LARGEST_EXPONENT:
        raise ValueError(f"{path} has more digits than can be stored exactly (38 digits, between 1E-128 and 9.9E125)")
    return int(plain) if 0 <= plain.adjusted() < MAX_DIGITS and plain == plain.to_integral_value() else plain
