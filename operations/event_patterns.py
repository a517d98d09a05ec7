"""Evaluates event patterns like EventBridge and Lambda's event filters, for the redrive and for tests.

As documented by AWS, fields are combined with AND and the values of a field with OR. Comparisons only apply to leaf
values, so `exists` never matches an object. An array matches if any element does. Local engines are more lenient. The
package that implements this (event-ruler 0.3.0) does not support Python 3.13.
"""

from collections.abc import Callable
from typing import Any, Final


class UnknownComparisonError(Exception):
    """The pattern uses a comparison that is not implemented here."""


def matches(event: Any, pattern: dict[str, Any]) -> bool:
    """Whether the event, any JSON object, matches the pattern."""
    return all(_field(event, name, wanted) for name, wanted in pattern.items())


def _field(event: Any, name: str, wanted: Any) -> bool:
    if name == "$or":
        return any(matches(event, one) for one in wanted)
    events = event if isinstance(event, list) else [event]
    found = [one[name] for one in events if isinstance(one, dict) and name in one]
    if isinstance(wanted, dict):
        return any(matches(one, wanted) for one in found or [{}])
    leaves = [leaf for one in found for leaf in (one if isinstance(one, list) else [one]) if not isinstance(leaf, dict)]
    return any(_value(leaves, one) for one in wanted)


def _value(leaves: list[Any], wanted: Any) -> bool:
    """Whether one of the alternatives matches one of the leaf values."""
    if not isinstance(wanted, dict):
        return any(_same(leaf, wanted) for leaf in leaves)
    ((comparison, operand),) = wanted.items()
    if comparison == "exists":
        return bool(leaves) is operand
    if comparison not in _COMPARISONS:
        raise UnknownComparisonError(comparison)
    return any(_COMPARISONS[comparison](leaf, operand) for leaf in leaves)


def _same(leaf: Any, wanted: Any) -> bool:
    """Whether two values are equal and of the same JSON type: `1` is neither `true` nor `"1"`."""
    return isinstance(leaf, bool) is isinstance(wanted, bool) and leaf == wanted


def _prefix(leaf: Any, operand: str) -> bool:
    return isinstance(leaf, str) and leaf.startswith(operand)


def _suffix(leaf: Any, operand: str) -> bool:
    return isinstance(leaf, str) and leaf.endswith(operand)


def _ignoring_case(leaf: Any, operand: str) -> bool:
    return isinstance(leaf, str) and leaf.casefold() == operand.casefold()


def _anything_but(leaf: Any, operand: Any) -> bool:
    if isinstance(operand, dict):
        raise UnknownComparisonError(f"anything-but {operand}")
    return not any(_same(leaf, one) for one in (operand if isinstance(operand, list) else [operand]))


_COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "equals-ignore-case": _ignoring_case,
    "anything-but": _anything_but,
}
