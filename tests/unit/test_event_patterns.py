"""The evaluator of event patterns follows AWS's documentation."""

from typing import Any

import pytest

from operations import event_patterns
from operations.event_patterns import UnknownComparisonError

EVENT = {
    "source": "shop",
    "detail-type": "customer.created",
    "detail": {"id": "7", "count": 3, "vip": True, "phone": None, "tags": ["a", "b"], "address": {"city": "Graz"}},
    "lines": [{"sku": "x"}, {"sku": "y"}],
}


@pytest.mark.parametrize(
    "pattern",
    [
        {},
        {"source": ["other", "shop"]},
        {"source": ["shop"], "detail": {"vip": [True]}},
        {"detail": {"phone": [None]}},
        {"detail": {"count": [3]}},
        {"detail": {"tags": ["b"]}},
        {"lines": {"sku": ["y"]}},
        {"source": [{"prefix": "sh"}]},
        {"source": [{"suffix": "op"}]},
        {"source": [{"equals-ignore-case": "SHOP"}]},
        {"source": [{"anything-but": ["payroll", "till"]}]},
        {"detail": {"address": {"city": [{"exists": True}]}}},
        {"detail": {"phone": [{"exists": True}]}},
        {"detail": {"fax": [{"exists": False}]}},
        {"detail": {"fax": {"number": [{"exists": False}]}}},
        {"$or": [{"source": ["payroll"]}, {"detail": {"id": ["7"]}}]},
    ],
    ids=str,
)
def test_matches(pattern: dict[str, Any]) -> None:
    assert event_patterns.matches(EVENT, pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["Shop"]},
        {"source": ["shop"], "detail": {"vip": [False]}},
        {"detail": {"count": ["3"]}},
        {"detail": {"count": [True]}},
        {"detail": {"vip": [1]}},
        {"detail": {"fax": [None]}},
        {"detail": {"tags": ["c"]}},
        {"lines": {"sku": ["z"]}},
        {"source": [{"anything-but": "shop"}]},
        {"detail": {"fax": [{"anything-but": "1"}]}},
        # Only leaf values exist. A local engine matches this, but AWS does not.
        {"detail": {"address": [{"exists": True}]}},
        {"detail": {"id": [{"exists": False}]}},
        {"detail": {"id": {"number": ["7"]}}},
        {"$or": [{"source": ["payroll"]}, {"detail": {"id": ["8"]}}]},
    ],
    ids=str,
)
def test_does_not_match(pattern: dict[str, Any]) -> None:
    assert not event_patterns.matches(EVENT, pattern)


@pytest.mark.parametrize("wanted", [{"cidr": "10.0.0.0/24"}, {"wildcard": "*"}, {"anything-but": {"prefix": "s"}}])
def test_an_unknown_comparison_is_an_error(wanted: Any) -> None:
    with pytest.raises(UnknownComparisonError):
        event_patterns.matches(EVENT, {"source": [wanted]})
